import fc from 'fast-check';

/** As much of JSON Schema (OpenAPI 3.0) as our description uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly nullable?: boolean;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly body: Schema | undefined;
  /** Status → the schema of its answer; `default` for every refusal. */
  readonly answers: Readonly<Record<string, Schema | undefined>>;
}

interface Described {
  readonly parameters?: Operation['parameters'];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>>;
}
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Every operation of the description. */
export const operationsOf = ({ paths }: Description): Operation[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody, responses }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content?.['application/json']?.schema,
      answers: Object.fromEntries(Object.entries(responses).map(([status, { content }]) => [status, Object.values(content ?? {})[0]?.schema])),
    })),
  );

/** What nobody would send who means well: markup, formulas, headers, directions, nothing, too much, other types. */
export const NASTY: readonly unknown[] = [
  '<script>alert(1)</script>',
  '=HYPERLINK("http://evil.example")',
  'a\r\nBcc: evil@evil.example',
  '\u202Egnp.exe',
  'a\u0000b',
  '\uD800',
  '\uFFFF',
  'x'.repeat(10_000),
  '',
  ' ',
  '__proto__',
  "'; drop table firm; --",
  '%00',
  '../../etc/passwd',
  'ت'.repeat(300),
  null,
  true,
  -1,
  0,
  1e308,
  Number.MAX_SAFE_INTEGER,
  0.1,
  [],
  {},
  [[]],
  { $ne: null },
  ['x'],
  '2026-02-30',
  '9999-12-31',
  '0000-00-00',
  'NaN',
];
export const nasty: fc.Arbitrary<unknown> = fc.constantFrom(...NASTY);

/** Values of a schema, most of them as it wants them. */
export function valueOf(schema: Schema | undefined, known: readonly string[]): fc.Arbitrary<unknown> {
  const meant = meantBy(schema ?? {}, known);
  return fc.oneof({ arbitrary: meant, weight: 40 }, { arbitrary: nasty, weight: 1 });
}

function meantBy(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return fc.oneof(...several.map((one) => meantBy(one, known)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return objectOf(schema, known);
    case 'array':
      return fc.array(valueOf(schema.items, known), { maxLength: 4 });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -10, max: Math.min(schema.maximum ?? 200, 1e9) });
    case 'number':
      return fc.double({ min: schema.minimum ?? -10, max: Math.min(schema.maximum ?? 1e6, 1e12), noNaN: true });
    case 'string':
      return stringOf(schema, known);
    default:
      return fc.oneof(fc.string({ maxLength: 30 }), fc.integer({ min: 0, max: 200 }).map(String), nasty);
  }
}

function objectOf({ properties = {}, required = [] }: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, valueOf(property, known)]));
  const meant = fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
  // a field too many, and one of another's: role, status and the like are never taken from a body
  const more = fc.record({ name: fc.constantFrom('role', 'status', 'firmId', 'id', 'passwordHash', '__proto__', 'constructor', 'x'), value: nasty });
  return fc.oneof(
    { arbitrary: meant, weight: 9 },
    { arbitrary: fc.tuple(meant, more).map(([body, { name, value }]) => Object.assign(Object.create(null) as object, body, { [name]: value })), weight: 1 },
  );
}

const WORDS = ['chillies', 'خشک سرخ مرچ', 'ڳاڙهو مرچ', '干红辣椒', 'cotton yarn', 'glass bangles', 'Kunri', 'RB-0001', 'CN', 'AE'];

function stringOf({ pattern, format, minLength = 0, maxLength = 40 }: Schema, known: readonly string[]): fc.Arbitrary<string> {
  if (format === 'email') return fc.constantFrom('naila@kunri-sun.example', 'nobody@nowhere.example', 'UPPER@CASE.EXAMPLE');
  if (format === 'date') return fc.constantFrom('2026-12-24', '2027-03-31', '2020-01-01', '2026-02-30');
  if (format === 'uuid') return fc.oneof(fc.uuid(), fc.constantFrom(...known));
  if (pattern !== undefined && /^\^\[[^\]]+\](\{\d+\})?\$$/.test(pattern)) return fc.stringMatching(new RegExp(pattern));
  return fc.oneof(
    { arbitrary: fc.constantFrom(...WORDS, ...known), weight: 12 },
    { arbitrary: fc.string({ minLength, maxLength: Math.min(maxLength, 60), unit: 'binary' }), weight: 2 },
    { arbitrary: fc.string({ minLength: Math.min(maxLength, 3000), maxLength: Math.min(maxLength + 1, 3001), unit: 'grapheme' }), weight: 1 },
  );
}
