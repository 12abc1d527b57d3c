import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { markup } from './markup.js';

const text = fc
  .array(fc.oneof(fc.constantFrom('"', "'", '&', '<', '>', '&lt;', '</p>', '"><img src=x onerror=alert(1)>', '${', 'ڪ'), fc.string()))
  .map((all) => all.join(''));

describe('markup', () => {
  it('escapes text in an element and in an attribute as React does', () => {
    fc.assert(
      fc.property(text, text, (title, inside) =>
        expect(String(markup`<p title="${title}">${inside}</p>`)).toBe(renderToStaticMarkup(createElement('p', { title }, inside))),
      ),
    );
  });

  it('keeps markup as it is, puts lists in a row, and leaves out what is null or false', () => {
    const bold = markup`<b>${'&'}</b>`;
    expect(String(markup`${bold}, ${[bold, '<', bold]}, ${null}${false}${[]}.`)).toBe('<b>&amp;</b>, <b>&amp;</b>&lt;<b>&amp;</b>, .');
  });
});
