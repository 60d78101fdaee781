// The keyboard of the editor.

import { baseKeymap, chainCommands, selectAll, splitBlock, toggleMark } from "prosemirror-commands";
import { undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { TextSelection } from "prosemirror-state";
import { redo, undo } from "y-prosemirror";
import { schema } from "./schema.js";
import { depthOfLists, DEEPEST_LIST } from "./lists.js";
import { indexAt, sectionsOf } from "./sections.js";
import { eraseInCells, nextCell } from "./tables.js";

const { list_item, section_title, paragraph, bullet_list, ordered_list } = schema.nodes;

export function keys({ leave, link, move, join, grown }) {
  return [
    keymap({
      Enter: chainCommands(leaveTitle, splitListItem(list_item)),
      "Shift-Enter": chainCommands(leaveTitle, splitBlock),
      Tab: chainCommands(nextCell(1, grown), deeper, inList),
      "Shift-Tab": chainCommands(nextCell(-1), higher, inList),
      Backspace: chainCommands(undoInputRule, joinAbove(join), eraseInCells(-1)),
      Delete: eraseInCells(1),
      ArrowUp: openPreamble,
      "Mod-a": selectSection,
      "Mod-b": toggleMark(schema.marks.strong),
      "Mod-i": toggleMark(schema.marks.em),
      "Mod-k": link,
      "Mod-z": undo,
      "Mod-y": redo,
      "Shift-Mod-z": redo,
      "Mod-Shift-7": toggleList(ordered_list),
      "Mod-Shift-8": toggleList(bullet_list),
      "Alt-ArrowUp": (state, dispatch, view) => move(view, indexAt(state.doc, state.selection.head), -1),
      "Alt-ArrowDown": (state, dispatch, view) => move(view, indexAt(state.doc, state.selection.head), 1),
      "Alt-F10": leave,
      Escape: leave,
    }),
    keymap(baseKeymap),
  ];
}

export const deeper = (state, dispatch) =>
  depthOfLists(state.selection.$to) < DEEPEST_LIST && sinkListItem(list_item)(state, dispatch);

export const higher = liftListItem(list_item);

const inList = (state) => depthOfLists(state.selection.$from) > 0;

/** Into this kind of list, from one kind to the other, or out of it. */
export function toggleList(type) {
  return (state, dispatch) => {
    const list = listAround(state.selection.$from);
    if (!list) return wrapInList(type)(state, dispatch);
    if (list.node.type === type) return higher(state, dispatch);
    dispatch?.(state.tr.setNodeMarkup(list.from, type));
    return true;
  };
}

export function listAround($position) {
  for (let level = $position.depth; level > 0; level--) {
    const node = $position.node(level);
    if (node.type === bullet_list || node.type === ordered_list) return { node, from: $position.before(level) };
  }
  return null;
}

// A title is one line: Enter goes on to what is under it.
function leaveTitle(state, dispatch) {
  const { $head } = state.selection;
  if ($head.parent.type !== section_title) return false;
  const after = $head.after();
  const next = state.doc.resolve(after).nodeAfter;
  const tr = state.tr;
  if (next?.type !== paragraph || next.content.size) tr.insert(after, paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  return true;
}

// At the very beginning of a title, as between two lines.
const joinAbove = (join) => (state, _dispatch, view) => {
  const { $head, empty } = state.selection;
  if (!empty || $head.parent.type !== section_title || $head.parentOffset > 0) return false;
  return join(view, indexAt(state.doc, $head.pos));
};

// Above the first title there is always room for an opening paragraph.
function openPreamble(state, dispatch, view) {
  const first = sectionsOf(state.doc)[0];
  const { $head, empty } = state.selection;
  if (!empty || !first || first.from > 0 || $head.parent.type !== section_title || $head.before() !== 1) return false;
  if (!view.endOfTextblock("up")) return false;
  const tr = state.tr.insert(0, paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, 1)).scrollIntoView());
  return true;
}

// First the section one is in; a second time everything.
function selectSection(state, dispatch) {
  const { $from, $to, from, to } = state.selection;
  const place = sectionsOf(state.doc)[indexAt(state.doc, $from.pos)];
  if (!place || $to.pos > place.to) return selectAll(state, dispatch);
  const title = state.doc.resolve(place.from + 1).nodeAfter;
  const start = place.from + 1 + (title?.type === section_title ? title.nodeSize : 0);
  const whole = TextSelection.between(state.doc.resolve(Math.min(start, place.to - 1)), state.doc.resolve(place.to - 1), 1);
  if (whole.from >= from && whole.to <= to) return selectAll(state, dispatch);
  dispatch?.(state.tr.setSelection(whole));
  return true;
}
