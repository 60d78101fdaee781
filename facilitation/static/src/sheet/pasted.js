// What is pasted from Word, LibreOffice, Google Docs or plain text: its lists become lists, bold and italic stay, and the
// schema leaves the rest. Styles are read as plain attributes, for the page's policy lets no pasted style apply.

import { DOMParser as Reader } from "prosemirror-model";
import { schema } from "./schema.js";

const DEEPEST = 4;
const MARKED = /^([\s\u00a0]*)([-*•–▪◦·‣]|\d{1,2}[.)])[\s\u00a0]+(.*)$/;
const NUMBERED = /^[\s\u00a0]*(?:\d+|[a-z]|[ivx]+)[.)]/i;
const HEAVY = /font-weight:\s*(?:bold|[6-9]00)/i;
const LIGHT = /font-weight:\s*(?:normal|[1-5]00)/i;
const SLANTED = /font-style:\s*(?:italic|oblique)/i;
const LEVEL = /mso-list:[^;"]*\blevel(\d)/i;

/** HTML from the clipboard as the schema's parser can read it. */
export function cleanHtml(html) {
  const plain = withoutStyles(html).replace(/(<[^<>]*?\s)style(\s*=)/gi, "$1data-style$2");
  const { body } = new DOMParser().parseFromString(plain, "text/html");
  wordLists(body);
  for (const each of [...body.querySelectorAll("b, strong, [data-style]")]) dress(each);
  return body.innerHTML;
}

// Searched once through: an expression would go to the end anew for each sheet of styles that nothing closes.
function withoutStyles(html) {
  const [opens, closes] = [/<style/gi, /<\/style>/gi];
  let kept = "";
  for (let at = 0; ; at = closes.lastIndex) {
    opens.lastIndex = at;
    const open = opens.exec(html);
    kept += html.slice(at, open?.index);
    if (!open) return kept;
    closes.lastIndex = open.index;
    if (!closes.exec(html)) return kept;
  }
}

const styleOf = (element) => element.dataset.style ?? "";

// Google Docs wraps whole documents in a <b> of normal weight, and its words in styled spans.
function dress(element) {
  const style = styleOf(element);
  if (/^(?:B|STRONG)$/.test(element.tagName) && LIGHT.test(style)) element.replaceWith(...element.childNodes);
  else if (element.tagName === "SPAN" || element.tagName === "FONT") {
    if (HEAVY.test(style)) wrap(element, "strong");
    if (SLANTED.test(style)) wrap(element, "em");
  }
}

function wrap(element, tag) {
  const mark = element.ownerDocument.createElement(tag);
  mark.append(...element.childNodes);
  element.append(mark);
}

// Word pastes a list as paragraphs that say their level, each with its bullet as text.
function wordLists(body) {
  let lists = null;
  let last = null;
  for (const line of [...body.querySelectorAll("p[data-style*='mso-list']")]) {
    const level = LEVEL.exec(styleOf(line))?.[1];
    if (!level) continue;
    const marker = line.querySelector("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']");
    const kind = NUMBERED.test(marker?.textContent ?? "") ? "ol" : "ul";
    marker?.remove();
    if (!last || line.previousElementSibling !== last) lists = new Lists((list) => line.before(list));
    lists.add(kind, Number(level), line);
    last = lists.first;
  }
}

/** Lists in lists, from items that each know how deep they are. */
class Lists {
  constructor(place) {
    Object.assign(this, { place, open: [], first: null });
  }

  add(kind, level, content) {
    while (this.#beyond(kind, level)) this.open.pop();
    const top = this.open[this.open.length - 1];
    if ((!top || top.level < level) && this.open.length < DEEPEST) this.#begin(kind, level, top);
    const item = content.ownerDocument.createElement("li");
    this.open[this.open.length - 1].list.append(item);
    item.append(content);
  }

  #beyond(kind, level) {
    const top = this.open[this.open.length - 1];
    return top && (top.level > level || (top.level === level && top.kind !== kind));
  }

  #begin(kind, level, top) {
    const list = document.createElement(kind);
    if (top?.list.lastElementChild) top.list.lastElementChild.append(list);
    else {
      // Another kind at the same height is another list, beside the first.
      if (this.first) this.first.after(list);
      else this.place(list);
      this.first = list;
    }
    this.open.push({ kind, level, list });
  }
}

// A day's notes have a few hundred lines: more would be too much for one message, and for whoever reads the sheet.
const MOST_PIECES = 4000;
const LONGEST = 60_000;

/** Whether a slice is more than a sheet should take at a time: a line is a piece or two, and each mark in it two more. */
export function isTooMuch(slice) {
  let pieces = 0;
  slice.content.descendants((node) => {
    pieces += 1 + Number(node.isText) + 2 * node.marks.length;
    return pieces <= MOST_PIECES;
  });
  return slice.content.size > LONGEST || pieces > MOST_PIECES;
}

/** Plain text as a slice: a line a paragraph, and lines that begin with a dash, a bullet or a number as lists. */
export function readText(text) {
  const whole = document.createElement("div");
  let lists = null;
  for (const line of text.split(/\r\n?|\n/)) {
    const marked = MARKED.exec(line);
    const content = document.createElement("p");
    content.textContent = marked ? marked[3] : line.trim();
    if (!marked) {
      lists = null;
      if (content.textContent) whole.append(content);
      continue;
    }
    lists ??= new Lists((list) => whole.append(list));
    lists.add(/\d/.test(marked[2]) ? "ol" : "ul", marked[1].length + 1, content);
  }
  return Reader.fromSchema(schema).parseSlice(whole, { preserveWhitespace: false });
}
