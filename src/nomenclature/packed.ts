import fs from 'node:fs';
import type { TradeIndex } from './trade-index.js';

/**
 * The index of the lexicon as one file, made when the program is compiled: reading it takes a twentieth of the time that reading 150,000
 * phrases takes. Where it is missing (tests run on the sources) the texts are read instead.
 */
export const PACKED = new URL('./lexicon/index.bin', import.meta.url);

const ARRAYS = {
  rootOfForm: Int32Array,
  itemClass: Int32Array,
  itemNode: Int32Array,
  itemFlags: Uint8Array,
  itemStart: Int32Array,
  itemEnd: Int32Array,
  itemForms: Int32Array,
  itemFormsAt: Int32Array,
  itemHead: Int32Array,
  postings: Int32Array,
  postingForms: Int32Array,
  postingsAt: Int32Array,
  rootIdf: Float32Array,
  chapterOf: Uint8Array,
  bagClass: Uint16Array,
  bagShare: Float32Array,
  bagDamped: Float32Array,
  bagAt: Int32Array,
} as const;
type ArrayName = keyof typeof ARRAYS;
const NAMES = Object.keys(ARRAYS) as ArrayName[];

interface Header {
  readonly firstIsic: number;
  readonly classes: readonly string[];
  readonly nodes: readonly string[];
  readonly lengths: Readonly<Record<string, number>>;
}

const aligned = (n: number): number => (n + 7) & ~7;

/** An index as bytes: a header, the words, the phrases, then the arrays, each at a multiple of eight. */
export function packIndex(index: TradeIndex): Buffer {
  const forms = Buffer.from(index.formNames.join('\n'), 'utf8');
  const roots = Buffer.from([...index.roots.keys()].join('\n'), 'utf8');
  const text = Buffer.from(index.text, 'utf16le');
  const header: Header = {
    firstIsic: index.firstIsic,
    classes: index.classes,
    nodes: index.nodes,
    lengths: { forms: forms.length, roots: roots.length, text: text.length, ...Object.fromEntries(NAMES.map((name) => [name, index[name].length])) },
  };
  const head = Buffer.from(JSON.stringify(header), 'utf8');
  const size = Buffer.alloc(8);
  size.writeUInt32LE(head.length);
  const parts: Uint8Array[] = [];
  const add = (bytes: Uint8Array) => parts.push(bytes, Buffer.alloc(aligned(bytes.length) - bytes.length));
  [size, head, forms, roots, text].forEach(add);
  for (const name of NAMES) add(new Uint8Array(index[name].buffer, index[name].byteOffset, index[name].byteLength));
  return Buffer.concat(parts);
}

/** The index that {@link packIndex} made into bytes. Its arrays are views of them. */
export function unpackIndex(bytes: Uint8Array): TradeIndex {
  const { buffer, byteOffset } = bytes;
  const decode = (from: number, length: number, encoding: BufferEncoding) => Buffer.from(buffer, byteOffset + from, length).toString(encoding);
  const headLength = new DataView(buffer, byteOffset).getUint32(0, true);
  let at = 8;
  const header = JSON.parse(decode(at, headLength, 'utf8')) as Header;
  at += aligned(headLength);
  const length = (name: string): number => header.lengths[name] ?? 0;
  const take = (bytesLength: number): number => {
    const from = at;
    at += aligned(bytesLength);
    return from;
  };
  const formNames = decode(take(length('forms')), length('forms'), 'utf8').split('\n');
  const rootsAt = take(length('roots'));
  const textAt = take(length('text'));
  const arrays = Object.fromEntries(
    NAMES.map((name) => {
      const kind = ARRAYS[name];
      return [name, new kind(buffer as ArrayBuffer, byteOffset + take(length(name) * kind.BYTES_PER_ELEMENT), length(name))];
    }),
  ) as unknown as Pick<TradeIndex, ArrayName>;
  const forms = new Map<string, number>();
  for (let i = 0; i < formNames.length; i++) forms.set(formNames[i] as string, i);
  let roots: Map<string, number> | undefined;
  return {
    ...arrays,
    firstIsic: header.firstIsic,
    classes: header.classes,
    nodes: header.nodes,
    formNames,
    forms,
    // asked for only by words the lexicon does not have
    get roots() {
      return (roots ??= new Map(
        decode(rootsAt, length('roots'), 'utf8')
          .split('\n')
          .map((name, i) => [name, i]),
      ));
    },
    // asked for only by people who want to know why
    get text() {
      return decode(textAt, length('text'), 'utf16le');
    },
  };
}

/** The index made at compile time, if there is one. */
export function readPacked(): TradeIndex | undefined {
  return fs.existsSync(PACKED) ? unpackIndex(fs.readFileSync(PACKED)) : undefined;
}
