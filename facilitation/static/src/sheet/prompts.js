// The quiet questions in places still blank: shown by the style sheet, never part of the text.

import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { t } from "../words.js";
import { schema } from "./schema.js";
import { sectionsOf } from "./sections.js";

const { paragraph, section_title, table, table_header } = schema.nodes;

export function promptsPlugin(prompts) {
  const show = (from, node, prompt, name = "") =>
    Decoration.node(from, from + node.nodeSize, { class: `blank ${name}`, "data-prompt": prompt });

  function decorations({ doc }) {
    const shown = [];
    const first = doc.firstChild;
    const preambleBlank = first?.type === paragraph && !first.content.size && doc.maybeChild(1)?.type === schema.nodes.section;
    if (preambleBlank) shown.push(show(0, first, t("Un paragraphe d’ouverture, si vous voulez."), "opening"));
    for (const { key, filled, from, node } of sectionsOf(doc)) {
      let asked = filled;
      node.forEach((child, offset) => {
        const at = from + 1 + offset;
        if (child.type === section_title && !child.content.size) shown.push(show(at, child, t("Titre de la rubrique")));
        if (child.type === table) shown.push(...untitled(child, at).map(([place, line]) => show(place, line, t("Titre"))));
        if (asked || child.type !== paragraph || child.content.size) return;
        asked = true;
        shown.push(show(at, child, t(prompts[key] ?? "Écrivez ici.")));
      });
    }
    return DecorationSet.create(doc, shown);
  }

  return new Plugin({ props: { decorations } });
}

/** [[position, line]]: the blank lines of a table's heading cells. */
function untitled(node, from) {
  const found = [];
  node.descendants((cell, at) => {
    const line = cell.type === table_header && cell.childCount === 1 ? cell.firstChild : null;
    if (line?.type === paragraph && !line.content.size) found.push([from + 2 + at, line]);
    return cell.type !== table_header;
  });
  return found;
}
