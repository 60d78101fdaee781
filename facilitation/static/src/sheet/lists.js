// How deep lists go: four levels, whatever was pasted, dropped or pushed to the right.

import { Fragment, NodeRange, Slice } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { liftTarget } from "prosemirror-transform";
import { ySyncPluginKey } from "y-prosemirror";
import { schema } from "./schema.js";

const { list_item, bullet_list, ordered_list } = schema.nodes;
export const DEEPEST_LIST = 4;

const isList = ({ type }) => type === bullet_list || type === ordered_list;

/** How many items one stands in; a table's cell begins anew. */
export function depthOfLists($position) {
  let depth = 0;
  for (let level = $position.depth; level > 0 && !$position.node(level).type.spec.isolating; level--) {
    if ($position.node(level).type === list_item) depth += 1;
  }
  return depth;
}

/** What lies deeper than the fourth level comes up to it, whoever of this device put it there. */
export function shallowLists() {
  return new Plugin({
    props: {
      transformPasted(slice, view) {
        const here = Math.max(1, depthOfLists(view.state.selection.$from));
        return shallow(slice, DEEPEST_LIST + 1 - Math.min(here, DEEPEST_LIST));
      },
    },
    appendTransaction(transactions, _before, state) {
      if (!transactions.some((tr) => tr.docChanged && !tr.getMeta(ySyncPluginKey)?.isChangeOrigin && tr.steps.some(brings))) return null;
      const tr = state.tr;
      let place = tooDeep(tr.doc);
      while (place !== null && raise(tr, place)) place = tooDeep(tr.doc);
      return tr.docChanged ? tr : null;
    },
  });
}

// A letter brings no list along.
function brings({ slice }) {
  let found = false;
  slice?.content.descendants((node) => {
    found ||= isList(node) || node.type === list_item;
    return !found;
  });
  return found;
}

/** Where the first list stands that is in a fourth item, or null. */
function tooDeep(doc) {
  let found = null;
  doc.descendants((node, at) => {
    if (found === null && isList(node) && depthOfLists(doc.resolve(at)) >= DEEPEST_LIST) found = at;
    return found === null && !node.isTextblock;
  });
  return found;
}

// Its items become neighbours of the one they were in; the words, and the cursor in them, stay as they are.
function raise(tr, at) {
  const $start = tr.doc.resolve(at + 1);
  const range = new NodeRange($start, tr.doc.resolve($start.end()), $start.depth);
  const isBlank = !$start.parent.childCount;
  const target = isBlank ? null : liftTarget(range);
  if (isBlank) tr.delete(at, at + $start.parent.nodeSize);
  else if (target !== null) tr.lift(range, target);
  return isBlank || target !== null;
}

/** The same slice with lists of so many levels at most: what is pasted may hold thousands. */
function shallow(slice, most) {
  const whole = flattened(slice.content, 0, most);
  return whole.eq(slice.content) ? slice : Slice.maxOpen(whole, false);
}

function flattened(fragment, depth, most) {
  const nodes = [];
  fragment.forEach((node) => {
    const start = node.type.spec.isolating ? 0 : depth;
    if (!isList(node)) nodes.push(node.isTextblock ? node : node.copy(flattened(node.content, start, most)));
    else nodes.push(node.copy(Fragment.from(itemsOf(node, depth + 1, most))));
  });
  return Fragment.from(nodes);
}

// Inside the last level, what stood in an item's own list follows that item.
function itemsOf(list, depth, most) {
  const items = [];
  list.forEach((item) => {
    if (depth < most) {
      items.push(item.copy(flattened(item.content, depth, most)));
      return;
    }
    let own = [];
    const close = () => own.length && items.push(item.copy(Fragment.from(own))) && (own = []);
    item.forEach((child) => {
      if (!isList(child)) own.push(child);
      else {
        close();
        items.push(...itemsOf(child, depth, most));
      }
    });
    close();
  });
  return items;
}
