/** What a form sent: every value a string, or several where a name occurs more than once. */
export type FormBody = Readonly<Record<string, string | string[] | undefined>>;

export const one = (body: FormBody, name: string): string => {
  const value = body[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
};

export const many = (body: FormBody, name: string): string[] => {
  const value = body[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
};

export const ticked = (body: FormBody, name: string): boolean => one(body, name) === 'yes';

/** Codes as people write them into one field: separated by commas (of any script), semicolons or spaces. */
export const codes = (text: string): string[] => text.split(/[\s,;،؛、，]+/).filter(Boolean);

/** An empty field of a form is a field not given. */
export const given = (body: FormBody, name: string): string | undefined => one(body, name).trim() || undefined;

/** A number field; what is no number goes through as it is, for the schema to refuse. */
export const amount = (text: string): number | string | undefined => {
  const plain = text.trim().replaceAll(',', '');
  if (plain === '') return undefined;
  return Number.isFinite(Number(plain)) ? Number(plain) : text;
};

/** Values to show again in the form that was refused. */
export const kept = (body: FormBody): Record<string, string> => Object.fromEntries(Object.keys(body).map((name) => [name, one(body, name)]));
