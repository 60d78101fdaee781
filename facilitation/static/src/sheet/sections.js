// The sections of a sheet, as its outline shows them: finding, adding, moving, removing.

import { TextSelection } from "prosemirror-state";
import { ySyncPluginKey, yUndoPluginKey } from "y-prosemirror";
import * as Y from "yjs";
import { schema } from "./schema.js";

const { section, section_title: heading, paragraph } = schema.nodes;

/** [{key, title, filled, from, to, node}] in reading order; `from` is the section's own position. */
export function sectionsOf(doc) {
  const found = [];
  doc.forEach((node, from) => {
    if (node.type === section) found.push({ ...described(node), from, to: from + node.nodeSize, node });
  });
  return found;
}

function described(node) {
  const title = titleOf(node);
  const words = node.textContent.length - (title?.textContent.length ?? 0);
  return { key: String(node.attrs.key), title: title?.textContent.trim() ?? "", filled: words > 0 };
}

const titleOf = (node) => node.content.content.find((child) => child.type === heading);

/** The index of the section that holds this position, or -1 before the first. */
export function indexAt(doc, position) {
  return sectionsOf(doc).findIndex(({ from, to }) => from <= position && position < to);
}

/** Puts the cursor where this section goes on: its first empty line, else its end. */
export function enterSection(view, index) {
  const place = sectionsOf(view.state.doc)[index];
  if (!place) return;
  const selection = TextSelection.near(view.state.doc.resolve(place.to - 1), -1);
  view.dispatch(view.state.tr.setSelection(selection));
  view.focus();
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const dom = view.nodeDOM(place.from);
  dom?.scrollIntoView({ block: "nearest", behavior: reduced ? "auto" : "smooth" });
}

/** Adds a section that was offered, with its title, before the synthesis, and puts the cursor in it. */
export function addOffered(view, key, title) {
  const ending = sectionsOf(view.state.doc).find((place) => place.key.startsWith("synthese"));
  const at = ending?.from ?? view.state.doc.content.size;
  const node = section.create({ key }, [heading.create(null, schema.text(title)), paragraph.create()]);
  change(view, (tr) => tr.insert(at, node).setSelection(TextSelection.create(tr.doc, at + 1 + node.firstChild.nodeSize + 1)).scrollIntoView());
  view.focus();
}

/** Adds an untitled section after this one and puts the cursor in its title. */
export function addSection(view, index) {
  const all = sectionsOf(view.state.doc);
  const last = all[all.length - 1];
  const before = last && index < 0 && last.key.startsWith("synthese") ? last.from : null;
  const at = before ?? (all[index] ?? last)?.to ?? view.state.doc.content.size;
  const node = section.create({ key: freshKey() }, [heading.create(), paragraph.create()]);
  change(view, (tr) => tr.insert(at, node).setSelection(TextSelection.create(tr.doc, at + 2)).scrollIntoView());
  view.focus();
}

/**
 * Swaps a section with its neighbour; of the two, the one moved is the one where nobody else is writing. Done in the shared
 * document itself: told only of before and after, the binding would leave both in place and swap their words, and what
 * somebody types meanwhile would end up under the other's title.
 */
export function moveSection(view, index, step, busy) {
  const { doc, selection } = view.state;
  const all = sectionsOf(doc);
  const [upper, lower] = step < 0 ? [all[index - 1], all[index]] : [all[index], all[index + 1]];
  if (!upper || !lower) return false;
  const weight = (one) => (busy(one) ? 1e9 : 0) + one.node.content.size;
  // A line astray between the two belongs to the upper one, and stays with it.
  const moved = upper.to === lower.from && weight(upper) < weight(lower) ? upper : lower;
  const at = (place) => doc.resolve(place.from).index();
  const { type } = ySyncPluginKey.getState(view.state);
  alone(view, () => {
    type.doc.transact(() => {
      const copy = type.get(at(moved)).clone();
      type.delete(at(moved));
      type.insert(at(moved === upper ? lower : upper), [copy]);
    }, ySyncPluginKey);
  });
  if (moved.from < selection.head && selection.head < moved.to) {
    const now = sectionsOf(view.state.doc)[all.indexOf(moved === upper ? lower : upper)];
    const head = view.state.doc.resolve(selection.head - moved.from + now.from);
    view.dispatch(view.state.tr.setSelection(TextSelection.near(head)).setMeta("addToHistory", false).scrollIntoView());
  }
  return true;
}

/**
 * Joins a section to the one above: its title goes on as a sub-heading, its lines follow. Done in the shared document, as a
 * move is: what somebody types in it meanwhile goes along. Answers the title, or null where there is none above.
 */
export function joinSection(view, index) {
  const { doc } = view.state;
  const all = sectionsOf(doc);
  const [above, place] = [all[index - 1], all[index]];
  if (!above || !place || above.to !== place.from) return null;
  const { type } = ySyncPluginKey.getState(view.state);
  const at = doc.resolve(place.from).index();
  const end = above.to - 1;
  const isBlank = (node) => node?.type === paragraph && !node.content.size;
  alone(view, () => {
    type.doc.transact(() => {
      const [into, from] = [type.get(at - 1), type.get(at)];
      const coming = from.toArray().filter((_, child) => !isBlank(place.node.child(child)) || place.filled).map(joined);
      if (isBlank(above.node.lastChild) && coming.some(Boolean)) into.delete(into.length - 1);
      into.push(coming.filter(Boolean));
      type.delete(at);
    }, ySyncPluginKey);
  });
  const now = sectionsOf(view.state.doc)[index - 1];
  const head = Math.min(end + 1, now.to - 1);
  view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(head))).setMeta("addToHistory", false));
  return place.title;
}

// A title without words has nothing to say as a sub-heading.
function joined(node) {
  if (node.nodeName !== "section_title") return node.clone();
  if (!node.toString().replace(/<[^>]*>/g, "").trim()) return null;
  const line = new Y.XmlElement("heading");
  line.insert(0, node.toArray().map((each) => each.clone()));
  return line;
}

export function removeSection(view, index) {
  const place = sectionsOf(view.state.doc)[index];
  if (place) change(view, (tr) => tr.delete(place.from, place.to));
}

// A gesture on a whole section is undone by itself, not with the words typed just before.
export function alone(view, act) {
  const history = yUndoPluginKey.getState(view.state).undoManager;
  history.stopCapturing();
  act();
  history.stopCapturing();
}

const change = (view, edit) => alone(view, () => view.dispatch(edit(view.state.tr)));

function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => (byte % 36).toString(36)).join("");
}
