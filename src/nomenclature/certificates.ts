/** Certificates and registrations that leads ask for and firms hold. */
export const CERTIFICATES = ['gacc', 'halal', 'haccp', 'iso-9001', 'iso-22000', 'phytosanitary'] as const;
export type Certificate = (typeof CERTIFICATES)[number];
