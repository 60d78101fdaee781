// Small tables: made, grown, pruned and walked through. Rows and columns change in the shared document itself: told only of
// before and after, the binding would match blank rows by chance, and two hands at once would double one or empty another.

import { Selection, TextSelection } from "prosemirror-state";
import { ySyncPluginKey } from "y-prosemirror";
import * as Y from "yjs";
import { schema } from "./schema.js";
import { alone } from "./sections.js";

const { paragraph, section, section_title, table, table_row, table_cell, table_header } = schema.nodes;
const [ROWS, COLUMNS] = [3, 3];

/** {level, row, column, node, from}: the table around this position, where in it, and at which depth it stands; or null. */
export function tableAround($position) {
  for (let level = $position.depth; level > 0; level--) {
    const node = $position.node(level);
    if (node.type !== table) continue;
    const inside = $position.depth > level + 1;
    return { level, node, from: $position.before(level), row: $position.index(level), column: inside ? $position.index(level + 1) : 0 };
  }
  return null;
}

/** A blank table with a row of titles, under the line one is in or in its place, and the cursor in its first cell. */
export function insertTable(state, dispatch, view) {
  const tr = withTable(state.tr);
  if (tr && dispatch) alone(view, () => dispatch(tr));
  return Boolean(tr);
}

/** The same as a transaction; null where no table can stand. */
export function withTable(tr) {
  const { $head } = tr.selection;
  const level = $head.depth && $head.node(1).type === section ? 2 : 1;
  if (tableAround($head) || $head.depth < level) return null;
  const block = $head.node(level);
  const isReplaced = block.type === paragraph && !block.content.size;
  const [from, to] = [isReplaced ? $head.before(level) : $head.after(level), $head.after(level)];
  const follows = tr.doc.resolve(to).nodeAfter;
  // One goes on writing under it.
  tr.replaceWith(from, to, follows && follows.type !== section ? [blank()] : [blank(), paragraph.create()]);
  return tr.setSelection(Selection.near(tr.doc.resolve(from + 1))).scrollIntoView();
}

function blank() {
  const cell = (type) => type.create(null, paragraph.create());
  const row = (type) => table_row.create(null, Array.from({ length: COLUMNS }, () => cell(type)));
  return table.create(null, Array.from({ length: ROWS }, (_, at) => row(at ? table_cell : table_header)));
}

/** To the next cell or the one before; beyond the last, a new row, which `grown()` hears of. */
export const nextCell = (step, grown) => (state, dispatch, view) => {
  const place = tableAround(state.selection.$head);
  if (!place) return false;
  const cells = cellsOf(place);
  const target = cells[cells.filter(({ at }) => at < state.selection.head).length - 1 + step];
  if (!target) {
    const hasGrown = step > 0 && addRow(state, dispatch, view, 0);
    if (hasGrown && dispatch) grown?.();
    return hasGrown;
  }
  dispatch?.(state.tr.setSelection(TextSelection.near(state.doc.resolve(target.at + 1))).scrollIntoView());
  return true;
};

/** [{row, column, at}]: every cell of a table in reading order, with its own position. */
function cellsOf({ node, from }) {
  const cells = [];
  node.forEach((line, start, row) => line.forEach((_cell, inside, column) => cells.push({ row, column, at: from + 2 + start + inside })));
  return cells;
}

/** A row under this one. `column` is where the cursor goes in it: where it was, unless told. */
export function addRow(state, dispatch, view, column) {
  return changed(state, dispatch, view, (shared, place) => {
    square(shared);
    const model = shared.get(place.row).toArray().map((cell) => cell.nodeName);
    const isHead = place.row === 0 && model.every((name) => name === table_header.name);
    const row = new Y.XmlElement(table_row.name);
    shared.insert(place.row + 1, [row]);
    row.insert(0, model.map((name) => cellOf(isHead ? table_cell.name : name)));
    return { row: place.row + 1, column: column ?? place.column };
  });
}

/** A column to the right of this one. */
export function addColumn(state, dispatch, view) {
  return changed(state, dispatch, view, (shared, place) => {
    const at = place.column + 1;
    square(shared);
    for (const row of shared.toArray()) row.insert(at, [cellOf(row.get(place.column).nodeName)]);
    return { row: place.row, column: at };
  });
}

/** The last row takes its table along. */
export function removeRow(state, dispatch, view) {
  return changed(state, dispatch, view, (shared, place) => {
    if (shared.length === 1) return null;
    shared.delete(place.row);
    return { row: Math.min(place.row, shared.length - 1), column: place.column };
  });
}

/** The last column takes its table along. */
export function removeColumn(state, dispatch, view) {
  return changed(state, dispatch, view, (shared, place) => {
    if (shared.get(place.row).length === 1) return null;
    for (const row of shared.toArray()) if (row.length > place.column) row.delete(place.column);
    return { row: place.row, column: Math.max(0, place.column - 1) };
  });
}

export const removeTable = (state, dispatch, view) => changed(state, dispatch, view, () => null);

/** `act(shared table, place)` answers the cell where the cursor goes, or null where nothing is left of the table. */
function changed(state, dispatch, view, act) {
  const place = tableAround(state.selection.$head);
  if (!place) return false;
  if (!dispatch) return true;
  const { type } = ySyncPluginKey.getState(state);
  const { $head } = state.selection;
  let home = type;
  for (let level = 0; level < place.level - 1; level++) home = home.get($head.index(level));
  const index = $head.index(place.level - 1);
  const shared = home.get(index);
  let target = null;
  alone(view, () => {
    type.doc.transact(() => {
      target = act(shared, place);
      if (target) return;
      home.delete(index);
      // There is always a line to go on with.
      if (isBare(home)) home.insert(index, [new Y.XmlElement(paragraph.name)]);
    }, ySyncPluginKey);
  });
  const now = view.state.doc;
  const cells = target ? cellsOf({ node: now.nodeAt(place.from), from: place.from }) : [];
  const cell = cells.find(({ row, column }) => row === target.row && column === target.column);
  const at = now.resolve(Math.min(cell ? cell.at + 1 : place.from, now.content.size));
  view.dispatch(view.state.tr.setSelection(Selection.near(at)).setMeta("addToHistory", false).scrollIntoView());
  return true;
}

// A row that one added while another added a column lacks a cell: it gets one before more is added. Not before something is
// removed: two who remove the same row would each give it to all others.
function square(shared) {
  const rows = shared.toArray();
  const width = Math.max(...rows.map((row) => row.length));
  for (const row of rows) {
    const name = row.length ? row.get(row.length - 1).nodeName : table_cell.name;
    row.insert(row.length, Array.from({ length: width - row.length }, () => cellOf(name)));
  }
}

const isBare = (home) => home.toArray().every(({ nodeName }) => nodeName === section_title.name || nodeName === section.name);

function cellOf(name) {
  const cell = new Y.XmlElement(name);
  cell.insert(0, [new Y.XmlElement(paragraph.name)]);
  return cell;
}

/** Erasing stays inside a cell, and over several it empties them: neither browser nor editor may join cells. */
export const eraseInCells = (edge) => (state, dispatch) => {
  const { $from, $to, from, to, empty } = state.selection;
  const place = tableAround($from);
  const level = place && place.level + 2;
  if (!place || $from.depth <= level) return false;
  if (empty) return edge < 0 ? from === $from.start(level) + 1 : from === $from.end(level) - 1;
  if (tableAround($to)?.from !== place.from || $to.depth <= level || $from.before(level) === $to.before(level)) return false;
  if (!dispatch) return true;
  const lines = [];
  state.doc.nodesBetween(from, to, (node, at) => void (node.isTextblock && lines.push([at + 1, at + 1 + node.content.size])));
  const tr = state.tr;
  for (const [start, end] of lines.reverse()) tr.delete(Math.max(from, start), Math.min(to, end));
  dispatch(tr.setSelection(TextSelection.create(tr.doc, from)).scrollIntoView());
  return true;
};
