/* global document, getComputedStyle, NodeFilter, HTMLElement */
/* Read by browser.ts as text and run inside a page, which has no types of ours and no modules. */

/** Every text of the page in its order. */
function* texts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('script, style')) yield walker.currentNode;
}

/** What the page says in words of its own: not those of another language, of a name, or of somebody else. */
function ownWords() {
  const own = (element) => !element.closest('bdi, pre, code, textarea') && element.closest('[lang]').getAttribute('lang') === document.documentElement.lang;
  const said = [...texts()].filter((text) => own(text.parentElement)).map((text) => text.textContent);
  for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
    for (const element of document.querySelectorAll(`[${name}]:not(iframe)`)) if (own(element)) said.push(element.getAttribute(name));
  return [...new Set(said)];
}

/** `font<tab>letter` for every letter that has a shape. */
function letters() {
  const found = new Set();
  for (const text of texts()) {
    const family = getComputedStyle(text.parentElement).fontFamily;
    for (const letter of text.textContent) if (/[^\s\p{Cc}\p{Cf}\p{Mn}]/u.test(letter)) found.add(`${family}\t${letter}`);
  }
  return [...found];
}

/** Those of {@link letters} that are drawn as one that no font has. */
async function boxesAmong(all) {
  await document.fonts.ready;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 48;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const shape = (family, letter) => {
    pen.clearRect(0, 0, 48, 48);
    pen.font = `24px ${family}`;
    pen.fillText(letter, 8, 34);
    return new Uint32Array(pen.getImageData(0, 0, 48, 48).data.buffer);
  };
  const boxes = new Map();
  return all.filter((one) => {
    const [family, letter] = one.split('\t');
    if (!boxes.has(family)) boxes.set(family, shape(family, '\u{10fffd}'));
    const box = boxes.get(family);
    return shape(family, letter).every((dot, i) => dot === box[i]);
  });
}
