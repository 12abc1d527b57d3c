import { Fragment, type ReactElement, type ReactNode } from 'react';
import { escaped } from '../common/markup.js';

/** Elements without content. */
const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
/** What React calls differently from HTML; all else is the same in lower case, and what SVG writes with dashes. */
const ATTRIBUTES = new Map([
  ['className', 'class'],
  ['htmlFor', 'for'],
  ['httpEquiv', 'http-equiv'],
  ['acceptCharset', 'accept-charset'],
  ['defaultValue', 'value'],
  ['defaultChecked', 'checked'],
]);
/** Never attributes. */
const OTHERWISE = new Set(['children', 'dangerouslySetInnerHTML', 'key', 'ref', 'suppressHydrationWarning']);
const ADDRESSES = new Set(['href', 'src', 'action', 'formaction']);

function attributeName(name: string): string {
  let known = ATTRIBUTES.get(name);
  if (known === undefined) {
    known = /^(?:stroke|fill|clip|font|text|stop)[A-Z]/.test(name) ? name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`) : name.toLowerCase();
    ATTRIBUTES.set(name, known);
  }
  return known;
}

/** An address that runs as a program is none; browsers skip white space and controls before and inside its scheme. */
const runs = (address: string): boolean => !address.startsWith('/') && /^javascript:/i.test(address.slice(0, 100).replace(/[\u0000-\u0020]/g, ''));

/** What an attribute or a field says. */
function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value === undefined || value === null) return '';
  throw new Error('an attribute is a text or a number; styles stand in the sheet');
}

type Props = Readonly<Record<string, unknown>> & { readonly children?: ReactNode; readonly dangerouslySetInnerHTML?: { readonly __html: string } };

/**
 * React elements → HTML, for pages that are drawn once and never come to life: what `renderToStaticMarkup` does. Function components,
 * fragments and host elements; no hooks, no classes, no promises: where there are any, it says so.
 */
export const markup = (node: ReactNode): string => draw(node, undefined);

/** @param chosen the value of the select around it */
function draw(node: ReactNode, chosen: unknown): string {
  if (typeof node === 'string') return escaped(node);
  if (node === null || node === undefined || typeof node === 'boolean') return '';
  if (typeof node === 'number' || typeof node === 'bigint') return String(node);
  if (Array.isArray(node)) {
    let drawn = '';
    for (const each of node as readonly ReactNode[]) drawn += draw(each, chosen);
    return drawn;
  }
  const { type, props } = node as ReactElement<Props>;
  if (typeof type === 'string') return tag(type, props, chosen);
  if (typeof type === 'function') return draw((type as (given: Props) => ReactNode)(props), chosen);
  if ((type as unknown) === Fragment) return draw(props.children, chosen);
  throw new Error('only function components, fragments and elements of HTML can be drawn');
}

function tag(type: string, props: Props, chosen: unknown): string {
  let drawn = `<${type}`;
  for (const name in props) {
    if (OTHERWISE.has(name)) continue;
    const value = props[name];
    if (value === null || value === undefined || typeof value === 'function') continue;
    if ((name === 'value' || name === 'defaultValue') && (type === 'textarea' || type === 'select')) continue;
    const attribute = attributeName(name);
    if (typeof value === 'boolean' && !/^(?:aria|data)-/.test(attribute)) {
      if (value) drawn += ` ${attribute}=""`;
      continue;
    }
    const text = plain(value);
    if (ADDRESSES.has(attribute) && runs(text)) throw new Error(`an address that runs as a program: ${text.slice(0, 40)}`);
    drawn += ` ${attribute}="${escaped(text)}"`;
  }
  if (type === 'option' && chosen !== undefined && plain(chosen) === plain(props['value'])) drawn += ' selected=""';
  if (VOID.has(type)) return `${drawn}/>`;
  const own = props['value'] ?? props['defaultValue'];
  if (props.dangerouslySetInnerHTML) return `${drawn}>${props.dangerouslySetInnerHTML.__html}</${type}>`;
  if (type === 'textarea') {
    const text = escaped(plain(own));
    // the parser drops a first line break
    return `${drawn}>${text.startsWith('\n') ? '\n' : ''}${text}</textarea>`;
  }
  return `${drawn}>${draw(props.children, type === 'select' ? own : chosen)}</${type}>`;
}
