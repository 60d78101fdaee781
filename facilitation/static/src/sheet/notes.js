// Notes in the heat, beside the sheet: written together like it, and distilled by sending lines to a section.

import { keymap } from "prosemirror-keymap";
import { Fragment } from "prosemirror-model";
import { Plugin, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";
import * as Y from "yjs";
import { t } from "../words.js";
import { keys } from "./keys.js";
import { made } from "./outline.js";
import { openPane } from "./pane.js";
import { schema } from "./schema.js";
import { sectionsOf } from "./sections.js";

const { bullet_list, ordered_list, paragraph, section, section_title } = schema.nodes;

export class Notes {
  /** `sheet` is the sheet's own view; `sent(count, title)` hears how many lines went under which title. */
  constructor({ panel, toggle, away, bar, told, sheet, sent, ...pane }) {
    Object.assign(this, { panel, toggle, bar, told, sheet, sent, acts: pane.acts, here: 0 });
    const leave = () => this.#enterBar();
    this.view = openPane({
      ...pane,
      keys: [keymap({ "Mod-Enter": leave }), ...keys({ leave, link: () => false, move: () => false, join: () => false })],
      more: [question(), noSections()],
      attributes: { "aria-label": t("Notes en vrac") },
    });
    this.view.dom.addEventListener("focus", () => this.#firstLine());
    document.addEventListener("keydown", (event) => event.key === "F6" && this.#cross(event));
    toggle.addEventListener("click", () => this.open(panel.hidden));
    away.addEventListener("click", () => this.open(false));
    bar.addEventListener("click", ({ target }) => this.#press(target.closest("button")));
    // The choice of lines must outlive the click.
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Shows the notes, the cursor in them, or puts them away. */
  open(shown, enter = true) {
    this.panel.hidden = !shown;
    document.body.classList.toggle("noting", shown);
    this.toggle.setAttribute("aria-expanded", String(shown));
    if (shown && enter) this.view.focus();
    else if (enter) this.sheet.focus();
    this.draw();
  }

  /** Notes that were there when the page came are shown beside the sheet, where there is room. */
  showWritten() {
    if (this.#isWritten() && this.panel.hidden && matchMedia("(min-width: 1280px)").matches) this.open(true, false);
  }

  #isWritten() {
    return this.view.state.doc.textContent.trim() !== "";
  }

  // From the sheet, or from anywhere, to its notes, and back.
  #cross(event) {
    event.preventDefault();
    if (this.view.hasFocus() || this.bar.contains(document.activeElement)) this.sheet.focus();
    else this.open(true);
  }

  draw() {
    this.toggle.classList.toggle("filled", this.#isWritten());
    if (this.panel.hidden) return;
    const places = sectionsOf(this.sheet.state.doc);
    const count = chosen(this.view.state).lines;
    const able = this.view.editable && count > 0;
    const told = count > 1 ? t("Envoyer ces {count} lignes dans", { count }) : t("Envoyer cette ligne dans");
    if (this.told.textContent !== told) this.told.textContent = told;
    while (this.bar.children.length > places.length) this.bar.lastElementChild.remove();
    while (this.bar.children.length < places.length) this.bar.append(chip());
    this.here = Math.min(this.here, Math.max(places.length - 1, 0));
    places.forEach(({ title }, index) => {
      const button = this.bar.children[index];
      const name = title || t("Sans titre");
      if (button.textContent !== name) button.textContent = name;
      button.tabIndex = index === this.here ? 0 : -1;
      button.setAttribute("aria-disabled", String(!able));
    });
  }

  // Writing begins with a line; opening the notes alone changes nothing.
  #firstLine() {
    const { state } = this.view;
    if (!this.view.editable || state.doc.childCount) return;
    const tr = state.tr.insert(0, paragraph.create());
    this.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, 1)).setMeta("addToHistory", false));
  }

  #enterBar() {
    this.draw();
    this.bar.children[this.here]?.focus();
    return true;
  }

  #press(button) {
    if (!button) return;
    const index = [...this.bar.children].indexOf(button);
    const fromBar = this.bar.contains(document.activeElement);
    this.here = index;
    const { title } = sectionsOf(this.sheet.state.doc)[index] ?? {};
    // One act, undone at once and by itself.
    this.acts.stopCapturing();
    const count = send(this.view, this.sheet, index);
    this.acts.stopCapturing();
    if (!count) return;
    this.sent(count, title || t("Sans titre"));
    if (fromBar) this.view.focus();
    this.draw();
  }

  #key(event) {
    const count = this.bar.children.length;
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: count - 1, ArrowUp: count - 1 };
    if (event.key === "Escape") this.view.focus();
    else if (event.key in steps) {
      this.here = (this.here + steps[event.key]) % count;
      this.#enterBar();
    } else return;
    event.preventDefault();
  }
}

function chip() {
  const button = made("button", "chip");
  button.type = "button";
  return button;
}

/** {lines, nodes, places}: what the selection touches, whole lines and whole items, and where they stand: [index, item]. */
function chosen({ doc, selection: { from, to, empty } }) {
  const touches = (start, size) => {
    const end = start + size;
    return empty ? start < from && from < end : doc.textBetween(Math.min(Math.max(from, start), end), Math.max(Math.min(to, end), start)) !== "";
  };
  const nodes = [];
  const places = [];
  doc.forEach((node, start, index) => {
    if (!touches(start, node.nodeSize)) return;
    const isList = node.type === bullet_list || node.type === ordered_list;
    const items = [];
    if (isList) node.forEach((item, at, place) => touches(start + 1 + at, item.nodeSize) && items.push([item, place]));
    const some = items.length > 0 && items.length < node.childCount;
    nodes.push(some ? node.copy(Fragment.from(items.map(([item]) => item))) : node);
    places.push(...(some ? items.map(([, place]) => [index, place]) : [[index, null]]));
  });
  const written = nodes.filter((node) => node.textContent.trim());
  return { nodes: written, places, lines: written.reduce((count, node) => count + lines(node), 0) };
}

function lines(node) {
  let count = node.isTextblock ? 1 : 0;
  node.descendants((child) => void (count += child.isTextblock ? 1 : 0));
  return count;
}

/** Moves the chosen lines to the end of a section, in one act; answers how many went. */
function send(notes, sheet, index) {
  const place = sectionsOf(sheet.state.doc)[index];
  const { nodes, places, lines: count } = chosen(notes.state);
  if (!place || !count || !notes.editable) return 0;
  const arriving = sheet.state.tr;
  const last = place.node.lastChild;
  let at = place.to - 1;
  if (last?.type === paragraph && !last.content.size) {
    arriving.delete(at - last.nodeSize, at);
    at -= last.nodeSize;
  }
  const before = arriving.doc.resolve(at).nodeBefore;
  const [first, ...rest] = nodes;
  const goesOn = before?.type === first.type && first.type.name.endsWith("_list");
  // Into the list that is there, where one goes on with the other.
  if (goesOn) arriving.insert(at - 1, first.content);
  arriving.insert(goesOn ? at + first.content.size : at, goesOn ? rest : nodes);
  // Copied before it is taken away: a page that dies in between doubles a line, and loses none.
  sheet.dispatch(arriving);
  leave(notes, places);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  sheet.nodeDOM(place.from)?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  return count;
}

// Taken away as they are, in the shared document itself: told only of before and after, the binding would empty a line
// rather than take it, and what somebody else types there meanwhile would not go along.
function leave(notes, places) {
  const { type } = ySyncPluginKey.getState(notes.state);
  type.doc.transact(() => {
    for (const [index, item] of places.reverse()) {
      if (item === null) type.delete(index);
      else type.get(index).delete(item);
    }
    if (!type.length) type.insert(0, [new Y.XmlElement("paragraph")]);
  }, ySyncPluginKey);
}

// What the place is for, while nothing is written in it.
function question() {
  return new Plugin({
    props: {
      decorations({ doc }) {
        const blank = doc.childCount === 1 && doc.firstChild.type === paragraph && !doc.firstChild.content.size;
        if (!blank) return DecorationSet.empty;
        const prompt = t("Tout ce qui se dit, comme ça vient.");
        return DecorationSet.create(doc, [Decoration.node(0, doc.firstChild.nodeSize, { class: "blank", "data-prompt": prompt })]);
      },
    },
  });
}

// Whole sections copied from the sheet arrive as their lines.
function noSections() {
  const opened = (fragment) => {
    const found = [];
    fragment.forEach((node) => {
      if (node.type === section) found.push(...opened(node.content));
      else found.push(node.type === section_title ? schema.nodes.heading.create(null, node.content) : node);
    });
    return found;
  };
  return new Plugin({
    props: {
      transformPasted(slice) {
        const sections = [];
        slice.content.forEach((node) => sections.push(node.type === section));
        if (!sections.some(Boolean)) return slice;
        return new slice.constructor(Fragment.from(opened(slice.content)), 0, 0);
      },
    },
  });
}
