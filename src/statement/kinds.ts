/** Kinds of opportunity (trade lead). They follow from what the statement says the two countries will do together. */
export const OPPORTUNITY_KINDS = [
  'buy_request',
  'sell_offer',
  'joint_venture',
  'investment',
  'sez_plot',
  'tender',
  'expo_place',
  'training',
  'technology',
] as const;
export type OpportunityKind = (typeof OPPORTUNITY_KINDS)[number];
