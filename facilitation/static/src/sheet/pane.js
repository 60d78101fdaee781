// What the sheet and the notes beside it share: a place to write, bound to a part of one document, with one history of
// one's own acts for both.

import { gapCursor } from "prosemirror-gapcursor";
import { EditorState, Plugin, Selection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { defaultDeleteFilter, defaultProtectedNodes, ySyncPlugin, ySyncPluginKey, yUndoPlugin } from "y-prosemirror";
import * as Y from "yjs";
import { t } from "../words.js";
import { shallowLists } from "./lists.js";
import { withinOneLine } from "./native.js";
import { cleanHtml, isTooMuch, readText } from "./pasted.js";
import { typingRules } from "./rules.js";
import { schema } from "./schema.js";

const PASTE_MOST = 200_000;
const HTML_MOST = 4_000_000;

const tooLongWords = () => t("C’est trop long pour une fiche. Collez-en une partie.");

/** One's own acts in all these parts, undone in the order they were done. */
export function ownActs(...parts) {
  return new Y.UndoManager(parts, {
    trackedOrigins: new Set([ySyncPluginKey]),
    deleteFilter: (item) => defaultDeleteFilter(item, defaultProtectedNodes),
    captureTransaction: (transaction) => transaction.meta.get("addToHistory") !== false,
  });
}

/**
 * `keys` and `more` are plugins, `attributes` the element's; `say(sentence)` answers true; `changed()` hears of each
 * state, `looked()` of the focus. */
export function openPane({ mount, part, acts, writers, keys, more, editable, attributes, say, changed, looked }) {
  const plugins = [
    ySyncPlugin(part, { mapping: new Map() }),
    withinOneLine(),
    writers.plugin(),
    yUndoPlugin({ undoManager: acts }),
    typingRules(document.documentElement.lang),
    ...keys,
    gapCursor(),
    ...more,
    shallowLists(),
    neverEmpty(),
    new Plugin({ view: () => ({ update: changed }) }),
  ];
  return new EditorView(mount, {
    state: EditorState.create({ schema, plugins }),
    editable,
    attributes: () => ({
      role: "textbox",
      "aria-multiline": "true",
      "aria-readonly": String(!editable()),
      "aria-describedby": "hint",
      tabindex: "0",
      spellcheck: "true",
      autocapitalize: "sentences",
      ...attributes,
    }),
    handleDOMEvents: { focus: looked, blur: looked, paste: tooLong(say), drop: tooLong(say) },
    handlePaste: (_view, _event, slice) => isTooMuch(slice) && say(tooLongWords()),
    handleDrop: (_view, _event, slice, moved) => !moved && isTooMuch(slice) && say(tooLongWords()),
    transformPastedHTML: cleanHtml,
    clipboardTextParser: readText,
    handleClickOn: (_view, _at, _node, _from, event) => event.ctrlKey && openLink(event),
  });
}

// Weighed before it is read: reading megabytes would hold the page up.
const tooLong = (say) => (_view, event) => {
  const given = event.clipboardData ?? event.dataTransfer;
  const [text, html] = ["text/plain", "text/html"].map((kind) => given?.getData(kind).length ?? 0);
  if (text <= PASTE_MOST && html <= HTML_MOST) return false;
  event.preventDefault();
  return say(tooLongWords());
};

// A sheet without a line would have no place for the cursor; and one that has just come would be selected whole, so that
// the first key would erase it.
function neverEmpty() {
  return new Plugin({
    appendTransaction(transactions, before, state) {
      if (!before.doc.childCount && state.doc.childCount) return state.tr.setSelection(Selection.atStart(state.doc));
      const own = transactions.some((tr) => tr.docChanged && !tr.getMeta(ySyncPluginKey)?.isChangeOrigin);
      return own && !state.doc.childCount ? state.tr.insert(0, schema.nodes.paragraph.create()) : null;
    },
  });
}

function openLink(event) {
  const address = event.target.closest?.("a[href]")?.href;
  if (address) open(address, "_blank", "noopener");
  return Boolean(address);
}
