// Takes excerpts for results of the search from the pages that were found.
//
// `search.js` loads this file once a result comes into sight. A page is read as blocks of
// running text, and the block with most of the words becomes the excerpt: text nodes, marks
// around whole words, and the isolates that the text had, nothing else of the page.

const LENGTH = 220;
const BLOCKS = "p, li, td, blockquote, figcaption";
const SKIPPED = `${BLOCKS}, script, style, svg, .footnote-ref, .source-ref`;

/** A block as strings and isolates, and in `block` its whole text and its links to topics. */
const outline = (node, block, items = []) => {
  for (const child of node.childNodes) {
    const first = block.text.length;
    if (child.nodeType === Node.TEXT_NODE) {
      // A word joiner holds the sign of a note, which is left out.
      const text = child.data.replace(/[ \t\r\n]+/g, " ").replace(/\u2060/g, "");
      block.text += text;
      items.push(typeof items.at(-1) === "string" ? items.pop() + text : text);
    } else if (child.nodeType === Node.ELEMENT_NODE && !child.matches(SKIPPED)) {
      if (child.matches("bdi, [dir], [lang]")) {
        const { lang, dir } = child;
        items.push({ lang, dir, items: outline(child, block) });
      } else {
        outline(child, block, items);
      }
      const topic = child.dataset?.topic;
      if (topic) block.links.push([topic, first, block.text.length]);
    }
  }
  return items;
};

/** The blocks of running text of a page; one inside another stands for itself. */
export const read = async (href) => {
  const answer = await fetch(href);
  if (!answer.ok) throw new Error(`${href}: ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const areas = `[data-search-text] :is(${BLOCKS}), :is(${BLOCKS})[data-search-text]`;
  const blocks = [...page.querySelectorAll(areas)].map((node) => {
    const block = { text: "", links: [] };
    return Object.assign(block, { items: outline(node, block) });
  });
  return blocks.filter((it) => it.text.trim());
};

const isLetter = (it) => it !== undefined && /[\p{L}\p{M}\p{N}\u200C\u200D]/u.test(it);

/** What is marked in a block: words that were found, and links to topics that were. */
const marksOf = ({ text, links }, { marks, topicIds }) => {
  const all = [...marks(text)];
  for (let [topic, first, last] of links) {
    if (!topicIds.has(topic)) continue;
    while (isLetter(text[first - 1])) first -= 1;
    while (isLetter(text[last])) last += 1;
    all.push([first, last]);
  }
  return all.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
};

/** The part of a text around a mark, at the edges of words. */
const cut = (text, [first, last], size) => {
  let [from, to] = [0, text.length];
  if (size < to && size / 2 < first) {
    from = text.lastIndexOf(" ", Math.min(first - size / 4, to - size)) + 1;
  }
  if (from + size < to) {
    to = text.lastIndexOf(" ", from + size);
    if (to < last) to = text.indexOf(" ", last);
    if (to < 0) to = text.length;
    while (last < to && /[\s.,;:،؛۔]/.test(text[to - 1])) to -= 1;
  }
  return [from, to];
};

/** Fills an element with an excerpt; `lay` puts a text with its marks into an element. */
export const fill = (to, blocks, found, lay) => {
  // As many letters as there are lines for.
  const size = Math.min(LENGTH, to.clientWidth / 2.2);
  let best = null;
  for (const it of blocks) {
    const marks = marksOf(it, found);
    const n_words = new Set(marks.map((mark) => it.text.slice(...mark))).size;
    // Of those with the same number of words, one that fills its lines.
    const rank = n_words + Math.min(it.text.length / size, 1) / 2;
    if (!best || best.rank < rank) best = { ...it, marks, rank };
  }
  if (!best) return;
  const { text, marks } = best;
  const [from, end] = cut(text, marks[0] ?? [0, 0], size);
  let at = 0;
  const put = (into, items) => {
    for (const it of items) {
      if (typeof it === "string") {
        const [first, last] = [Math.max(from, at), Math.min(end, at + it.length)];
        if (first < last) lay(into, it.slice(first - at, last - at), first, marks);
        at += it.length;
      } else {
        const isolate = document.createElement("bdi");
        for (const name of ["lang", "dir"]) if (it[name]) isolate[name] = it[name];
        put(isolate, it.items);
        if (isolate.hasChildNodes()) into.append(isolate);
      }
    }
  };
  to.replaceChildren(from ? "… " : "");
  put(to, best.items);
  if (end < text.length) to.append("…");
};
