// What others send. It waits while a letter is being composed here; and where it takes away a place somebody here was
// writing in (moved, joined, made a list: the binding deletes the place and makes another), what its author had not seen
// is put back where the place went, and the cursor follows.

import { TextSelection } from "prosemirror-state";
import { absolutePositionToRelativePosition, ySyncPluginKey } from "y-prosemirror";
import * as Y from "yjs";

const CONTEXT = 24;
const SURELY_THERE = 8;
const TITLE = "section_title";
const COMPOSED_MOST = 5000;

export class Incoming {
  /**
   * `parts` are [fragment, view], the sheet first; `own` holds the numbers under which this device has written;
   * `rescued()` hears that text was put back.
   */
  constructor({ doc, parts, own, rescued }) {
    const [[root]] = parts;
    Object.assign(this, { doc, root, parts, own, rescued, held: [] });
    for (const [, view] of parts) view.dom.addEventListener("compositionend", () => setTimeout(() => this.#release()));
  }

  /** These came together; `then` is called once they are in the document. */
  take(updates, origin, then) {
    this.held.push([updates, origin, then]);
    if (!this.parts.some(([, view]) => view.composing)) this.#release();
    else this.late ??= setTimeout(() => this.#release(), COMPOSED_MOST);
  }

  // All that has come is taken in before anything is put back: one's own words may come back by themselves.
  #release() {
    clearTimeout(this.late);
    this.late = null;
    const come = this.held.splice(0);
    const caret = this.#caret();
    const fallen = come.flatMap(([updates, origin]) => updates.flatMap((update) => this.#apply(update, origin)));
    const lost = fallen.filter((text) => !this.#isThere(text));
    let count = 0;
    if (lost.length) this.doc.transact(() => lost.forEach((text) => (count += this.#putBack(text))), this);
    if (count) this.rescued();
    if (caret && isGone(this.doc, caret.place)) this.#follow(caret);
    for (const [, , then] of come) then();
  }

  #apply(update, origin) {
    const lost = [];
    const look = (transaction) => transaction.origin === origin && lost.push(...orphans(transaction, update, this.own));
    this.doc.on("afterTransaction", look);
    Y.applyUpdate(this.doc, update, origin);
    this.doc.off("afterTransaction", look);
    return lost;
  }

  // What the other has copied along, or somebody has put back already, is not put back again.
  #isThere({ home, key, runs }) {
    const section = this.#sections().find((each) => each.getAttribute("key") === key);
    // A line of the notes goes to any section.
    const places = this.#isBeside(home) ? this.parts.map(([part]) => part) : [section];
    const texts = places.filter(Boolean).flatMap(textsIn).map(wordsOf);
    const [run] = runs;
    return runs.length === 1 && run.text.length >= SURELY_THERE && texts.some((text) => text.includes(run.text));
  }

  #isBeside(home) {
    return this.parts.some(([part]) => part === home && part !== this.root);
  }

  #sections() {
    return this.root.toArray().filter((node) => node.nodeName === "section");
  }

  /** How many pieces were put back: some are there, where a page of this device that died since had put them. */
  #putBack({ home, key, title, inTitle, runs }) {
    let section = this.#sections().find((each) => each.getAttribute("key") === key);
    let count = 0;
    for (const run of runs) {
      const own = this.#isBeside(home) ? home : section;
      const near = own ? textsIn(own) : [];
      const places = [...near, ...textsIn(this.root).filter((text) => !near.includes(text))]
        .filter((text) => !isTitle(text) || (inTitle && near.includes(text)));
      const lines = places.map(wordsOf);
      const [found, back] = [match(lines, run), match(lines, run, run.text)];
      const isBack = back && isOwn(places[back.index], back.at, run.text, this.own);
      if (isBack || (!found && places.some((text) => isOwn(text, 0, run.text, this.own, true)))) continue;
      count += 1;
      if (found) places[found.index].insert(found.at, run.text);
      else if (this.#isBeside(home)) home.insert(home.length, [line("paragraph", run.text)]);
      else {
        // A title that is there again holds all its words.
        const isSaid = inTitle && !section;
        section ??= this.#again(key, title);
        if (isSaid) break;
        section.insert(section.length, [line("paragraph", run.text)]);
      }
    }
    return count;
  }

  // Its section was taken away by somebody who had not seen these words: it is there again, with them alone.
  #again(key, title) {
    const section = new Y.XmlElement("section");
    section.setAttribute("key", key);
    this.root.insert(this.root.length, [section]);
    section.insert(0, [line("section_title", title)]);
    return section;
  }

  #caret() {
    const [, view] = this.parts.find((part) => part[1].hasFocus()) ?? [];
    if (!view) return null;
    const { state } = view;
    const { type, binding } = ySyncPluginKey.getState(state);
    const { $head } = state.selection;
    if (!$head.parent.isTextblock || !binding.mapping.size) return null;
    const words = $head.parent.textBetween(0, $head.parent.content.size, "", " ");
    const place = absolutePositionToRelativePosition($head.pos, type, binding.mapping);
    const key = $head.depth ? $head.node(1).attrs.key : null;
    const [before, after] = [words.slice(0, $head.parentOffset), words.slice($head.parentOffset)];
    return { view, key, index: $head.index(0), inTitle: $head.parent.type.name === TITLE, place, before, after };
  }

  #follow({ view, key, index, inTitle, before, after }) {
    const { doc, tr } = view.state;
    const tops = [];
    doc.forEach((node, from) => tops.push({ node, from, isNear: node.attrs.key === key }));
    const blocks = [...tops.filter(({ isNear }) => isNear), ...tops.filter(({ isNear }) => !isNear)].flatMap(linesOf)
      .filter(({ node, isNear }) => node.type.name !== TITLE || (inTitle && isNear));
    const found = match(blocks.map(({ node }) => node.textContent), { before, after });
    // Where the line is no more: the end of its section, or of what stands in that one's place.
    const there = tops[Math.min(index, tops.length - 1)];
    const home = blocks.some(({ isNear }) => isNear) ? blocks.filter(({ isNear }) => isNear) : there ? linesOf(there).filter(({ node }) => node.type.name !== TITLE) : [];
    const last = home[home.length - 1];
    const at = found ? blocks[found.index].from + 1 + found.at : last && last.from + 1 + last.node.content.size;
    if (at !== undefined) view.dispatch(tr.setSelection(TextSelection.create(doc, at)).setMeta("addToHistory", false));
  }
}

/** The lines under a node at the top of a document, each with where it begins. */
function linesOf({ node: top, from, isNear }) {
  const found = [];
  if (top.isTextblock) found.push({ node: top, from, isNear });
  else top.descendants((node, at) => void (node.isTextblock && found.push({ node, from: from + 1 + at, isNear })));
  return found;
}

/** [{home, key, title, inTitle, runs: [{text, before, after}]}]: own letters that fell with their place, unseen by who took it away. */
function orphans(transaction, update, own) {
  const texts = new Set();
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    if (own.has(struct.id.client) && struct.content instanceof Y.ContentString) texts.add(struct.parent);
  });
  if (!texts.size) return [];
  const meant = Y.decodeUpdate(update).ds;
  const fell = (item, shift) => {
    const { client, clock } = item.id;
    return own.has(client) && !Y.isDeleted(meant, Y.createID(client, clock + shift));
  };
  return [...texts].map((text) => described(text, transaction, fell)).filter(({ runs }) => runs.length);
}

function described(text, transaction, fell) {
  const letters = [];
  for (let item = text._start; item; item = item.right) {
    if (!(item.content instanceof Y.ContentString)) continue;
    const now = item.deleted && Y.isDeleted(transaction.deleteSet, item.id);
    if (item.deleted && !now) continue;
    for (let at = 0; at < item.length; at++) letters.push([item.content.str[at], now && fell(item, at)]);
  }
  const runs = [];
  letters.forEach(([letter, isLost], at) => {
    if (!isLost) return;
    if (at && letters[at - 1][1]) runs[runs.length - 1].text += letter;
    else runs.push({ text: letter, before: letters.slice(0, at).map(([each]) => each).join("") });
    runs[runs.length - 1].after = letters.slice(at + 1).filter(([, falls]) => !falls).map(([each]) => each).join("");
  });
  return { ...placeOf(text, transaction), inTitle: isTitle(text), runs };
}

// A deleted element answers no question; what it held is still there until its transaction ends.
function placeOf(text, transaction) {
  let [type, home] = [text, text];
  while (home?._item) home = home._item.parent;
  while (type?._item && type.nodeName !== "section") type = type._item.parent;
  if (type?.nodeName !== "section") return { home, key: null, title: "" };
  const heading = elementsOf(type).find((each) => each.nodeName === TITLE);
  const words = heading ? elementsOf(heading).flatMap((each) => lettersOf(each, transaction)) : [];
  return { home, key: type._map.get("key")?.content.getContent()[0] ?? "", title: words.join("") };
}

function elementsOf(type) {
  const found = [];
  for (let item = type._start; item; item = item.right) if (item.content instanceof Y.ContentType) found.push(item.content.type);
  return found;
}

// Those that fell just now, not those that somebody had erased before.
function lettersOf(text, transaction) {
  const found = [];
  for (let item = text._start; item; item = item.right) {
    const stood = !item.deleted || Y.isDeleted(transaction.deleteSet, item.id);
    if (stood && item.content instanceof Y.ContentString) found.push(item.content.str);
  }
  return found;
}

/**
 * {index, at}: which of these lines has the words around the run, else those before it, else those after, and where the run
 * goes there; with `between`, where the run already stands. A few letters are found in any word: they count only as a whole line.
 */
function match(lines, { before, after }, between = "") {
  const [left, right] = [before.slice(-CONTEXT), after.slice(0, CONTEXT)];
  const seek = (head, tail, fits = (line, known) => line.includes(known)) => {
    const known = head + between + tail;
    const index = lines.findIndex((line) => fits(line, known));
    return index < 0 ? null : { index, at: lines[index].indexOf(known) + head.length };
  };
  const around = left.length + right.length;
  if (around < SURELY_THERE) return around ? seek(left, right, (line, known) => line === known) : null;
  let found = seek(left, right);
  for (let length = left.length; !found && length >= SURELY_THERE; length--) found = seek(left.slice(-length), "");
  return found ?? (right.length >= SURELY_THERE ? seek("", right) : null);
}

/** Whether this device wrote these very words there; `alone`, if the line holds nothing else. */
function isOwn(text, at, words, own, alone = false) {
  const letters = [];
  for (let item = text._start; item; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    for (const letter of item.content.str.split("")) letters.push([letter, own.has(item.id.client)]);
  }
  if (alone && letters.length !== words.length) return false;
  return words.split("").every((letter, step) => letters[at + step]?.[0] === letter && letters[at + step][1]);
}

function isGone(doc, place) {
  const found = Y.createAbsolutePositionFromRelativePosition(place, doc);
  return !found || Boolean(found.type._item?.deleted);
}

function textsIn(node) {
  if (node instanceof Y.XmlText) return [node];
  return node.toArray().flatMap(textsIn);
}

const isTitle = (text) => text.parent?.nodeName === TITLE;

const wordsOf = (text) => text.toDelta().map(({ insert }) => (typeof insert === "string" ? insert : " ")).join("");

function line(name, words) {
  const element = new Y.XmlElement(name);
  if (words) element.insert(0, [new Y.XmlText(words)]);
  return element;
}

