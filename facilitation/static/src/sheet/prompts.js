// The quiet questions in places still blank: shown by the style sheet, never part of the text.

import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { t } from "../words.js";
import { schema } from "./schema.js";
import { sectionsOf } from "./sections.js";

const { paragraph, section_title } = schema.nodes;

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
        if (asked || child.type !== paragraph || child.content.size) return;
        asked = true;
        shown.push(show(at, child, t(prompts[key] ?? "Écrivez ici.")));
      });
    }
    return DecorationSet.create(doc, shown);
  }

  return new Plugin({ props: { decorations } });
}
