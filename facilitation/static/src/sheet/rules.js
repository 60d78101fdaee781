// What is mended while typing: Markdown's small marks, and the spaces and quotes a French printer would set.

import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { depthOfLists, DEEPEST_LIST } from "./lists.js";
import { schema } from "./schema.js";
import { withTable } from "./tables.js";

const NARROW = "\u202f";
const ADDRESS = /(?:^|[\s\u202f(«])(?:\S*[@/]\S*|www\.\S*|https?|mailto)$/i;
const { bullet_list, ordered_list, heading, blockquote } = schema.nodes;

/** Replaces the text that group 1 does not cover. */
function mend(pattern, text, wanted = () => true) {
  return new InputRule(pattern, (state, match, start, end) => {
    const before = state.doc.resolve(start).parent.textBetween(0, state.doc.resolve(start).parentOffset, "", "\ufffc");
    if (!wanted(match, before + match[1])) return null;
    const written = typeof text === "function" ? text(match) : text;
    return state.tr.insertText(written, start + match[1].length, end);
  });
}

function marked(pattern, name) {
  return new InputRule(pattern, (state, match, start, end) => {
    const mark = schema.marks[name].create();
    if (!state.doc.resolve(start).parent.type.allowsMarkType(mark.type)) return null;
    const from = start + match[1].length;
    const inside = schema.text(match[2], [...state.doc.resolve(from + 1).marks(), mark]);
    return state.tr.replaceWith(from, end, inside).removeStoredMark(mark);
  });
}

// A dash typed by habit in a list that is there already.
const again = new InputRule(/^\s*(?:[-*•–]|\d{1,2}[.)])\s$/, (state, _match, start, end) => {
  const { $from } = state.selection;
  const inItem = $from.node(-1)?.type === schema.nodes.list_item && $from.index(-1) === 0;
  return inItem ? state.tr.delete(start, end) : null;
});

const madeTable = new InputRule(/^\|{2,3}\s$/, (state, _match, start, end) => withTable(state.tr.delete(start, end)));

/** A list begins only where there is a level left for it. */
function listRule(pattern, type) {
  const rule = wrappingInputRule(pattern, type);
  const wanted = (state, start) => depthOfLists(state.doc.resolve(start)) < DEEPEST_LIST;
  return new InputRule(pattern, (state, match, start, end) => (wanted(state, start) ? rule.handler(state, match, start, end) : null));
}

const structure = [
  again,
  madeTable,
  listRule(/^\s*[-*•–]\s$/, bullet_list),
  listRule(/^\s*\d{1,2}[.)]\s$/, ordered_list),
  textblockTypeInputRule(/^#{1,6}\s$/, heading),
  wrappingInputRule(/^\s*>\s$/, blockquote),
  marked(/(^|[\s(«])\*\*([^*\s][^*]*)\*\*$/, "strong"),
  marked(/(^|[\s(«])_([^_\s][^_]*)_$/, "em"),
];

const notInAddress = (match, before) => !ADDRESS.test(before);

const french = [
  mend(/([^\s\u202f;:?!…(«[])[ \u00a0]?([;?!])$/u, (match) => NARROW + match[2], notInAddress),
  mend(/([^\s\u202f;:?!…(«[])[ \u00a0](:)$/u, NARROW + ":", notInAddress),
  mend(/([^\s\d\u202f;:?!…(«[])(:)$/u, NARROW + ":", notInAddress),
  mend(/(^|[\s(\u202f[])"$/, "«" + NARROW),
  mend(/(^|[^«])«$/, "«" + NARROW),
  mend(/(«\u202f) $/, ""),
  mend(/([^\s(\u202f])[ \u00a0\u202f]?["»]$/, NARROW + "»"),
  mend(/(\p{L})'$/u, "’"),
];

const everywhere = [mend(/()\.\.\.$/, "…")];

export function typingRules(language) {
  const typography = language.startsWith("fr") ? french : [];
  return inputRules({ rules: [...structure, ...everywhere, ...typography] });
}
