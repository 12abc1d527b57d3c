/** A form of a page as a browser would send it. */
export interface Form {
  readonly method: 'get' | 'post';
  readonly action: string;
  /** Names with the values that stand in it. */
  readonly fields: Readonly<Record<string, string>>;
}

const attributesOf = (tag: string): Record<string, string> =>
  Object.fromEntries([...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name.toLowerCase(), decoded(value)]));
const decoded = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#x27);/g, (_, entity: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" })[entity] ?? '');

/** The forms of one of our pages. */
export function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head = '', body = '']) => {
    const { method = 'get', action = '' } = attributesOf(head);
    const fields: Record<string, string> = {};
    for (const [, tag = '', rest = ''] of body.matchAll(/<(input|textarea|select)\b([^>]*)>/g)) {
      const { name, type, value = tag === 'input' && /type="(checkbox|radio)"/.test(rest) ? 'on' : '' } = attributesOf(rest);
      if (!name) continue;
      if ((type === 'checkbox' || type === 'radio') && !/\bchecked/.test(rest)) continue;
      fields[name] = value;
    }
    for (const [, rest = '', text = ''] of body.matchAll(/<textarea\b([^>]*)>(.*?)<\/textarea>/gs)) fields[attributesOf(rest)['name'] ?? ''] = decoded(text);
    for (const [, rest = '', options = ''] of body.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)) {
      const chosen = /<option\b(?=[^>]*\bselected)[^>]*value="([^"]*)"/.exec(options) ?? /<option\b[^>]*value="([^"]*)"/.exec(options);
      fields[attributesOf(rest)['name'] ?? ''] = decoded(chosen?.[1] ?? '');
    }
    // the first button is pressed
    for (const [, rest = ''] of body.matchAll(/<button\b([^>]*)>/g)) {
      const { name, value = '' } = attributesOf(rest);
      if (name) fields[name] ??= value;
    }
    return { method: method === 'post' ? 'post' : 'get', action: decoded(action), fields };
  });
}
