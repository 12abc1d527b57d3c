import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { markup } from './markup.js';

const Greeting = ({ name, children }: { readonly name: string; readonly children?: ReactNode }): ReactNode => (
  <p className="greeting" title={name}>
    Hello {name}, {3} times{children}
  </p>
);

describe('markup', () => {
  it.each<[string, ReactNode]>([
    ['text', 'a < b && c > "d" \' e'],
    ['nothing', null],
    ['what is false', [false, true, undefined, null, 0, '']],
    [
      'components and fragments',
      <>
        <Greeting name={'"><script>'}>!{[<b key="1">x</b>, ' ', 5]}</Greeting>
      </>,
    ],
    [
      'void elements',
      <p>
        <br />
        <input type="text" name="a" required maxLength={5} disabled={false} autoComplete="off" />
        <hr />
      </p>,
    ],
    [
      'names that HTML writes otherwise',
      <label htmlFor="x" className="y" tabIndex={0} aria-hidden={false} aria-label="z" data-k={true}>
        l
      </label>,
    ],
    ['a form', <form method="post" action="/a?b=1&c=2" noValidate acceptCharset="utf-8" encType="multipart/form-data" />],
    [
      'ticks',
      <p>
        <input type="checkbox" name="a" value="yes" defaultChecked={true} />
        <input type="radio" name="b" value="no" defaultChecked={false} />
      </p>,
    ],
    [
      'a choice',
      <select name="s" defaultValue="b">
        <option value="a">A</option>
        {['b', 'c'].map((o) => (
          <option key={o} value={o}>
            {o}
          </option>
        ))}
      </select>,
    ],
    ['long text', <textarea name="t" rows={3} defaultValue={'\n<b> & co'} />],
    [
      'numbers in lists',
      <ol>
        <li value={7}>seven</li>
      </ol>,
    ],
    [
      'details',
      <details open>
        <summary>s</summary>
        {''}
      </details>,
    ],
    ['given HTML', <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: '{"a":"\\u003c"}' }} />],
    [
      'languages',
      <p lang="ur" dir="rtl">
        <bdi>مرچ</bdi> <progress value={3} max={5} />
      </p>,
    ],
  ])('draws %s as React does', (_what, node) => {
    expect(sorted(markup(node))).toBe(sorted(renderToStaticMarkup(node)));
  });

  it('draws any tree of texts and elements as React does', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((s) => !/[\r\0\ud800-\udfff]/.test(s));
    const { node } = fc.letrec<{ node: ReactNode }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        text,
        fc.integer(),
        fc.constantFrom(null, undefined, true, false),
        fc.array(tie('node'), { maxLength: 3 }).map((children) => createElement('div', null, ...children)),
        fc
          .tuple(
            fc.constantFrom('p', 'span', 'li', 'a'),
            fc.record({ className: text, title: text, id: text, hidden: fc.boolean() }, { requiredKeys: [] }),
            tie('node'),
          )
          .map(([type, props, child]) => createElement(type, props, child)),
      ),
    }));
    fc.assert(fc.property(node, (tree) => markup(tree) === renderToStaticMarkup(tree)));
  });

  it('refuses addresses that run, and what would have to come to life', () => {
    for (const address of ['javascript:alert(1)', ' \n java\tscript:alert(1)', 'JAVASCRIPT:x']) {
      expect(() => markup(<a href={address}>x</a>)).toThrow('runs as a program');
      expect(() => markup(<form action={address} />)).toThrow('runs as a program');
    }
    expect(() => markup(Promise.resolve('x'))).toThrow();
    expect(() => markup(<p style={{ color: 'red' }}>x</p>)).toThrow('styles stand in the sheet');
    class Old {
      render(): ReactNode {
        return 'x';
      }
    }
    expect(() => markup(createElement(Old as never))).toThrow();
  });
});

/** The order of attributes says nothing, nor does the case of their names. */
const sorted = (html: string): string =>
  html.replace(/<([a-z]+)((?: [\w-]+="[^"]*")+)/g, (_, type: string, attributes: string) => {
    const each = attributes.match(/ [\w-]+="[^"]*"/g) ?? [];
    return `<${type}${each
      .map((attribute) => attribute.replace(/^ [^=]+/, (name) => name.toLowerCase()))
      .sort()
      .join('')}`;
  });
