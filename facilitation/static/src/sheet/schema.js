// What a sheet may hold. Containers accept little or nothing inside: what two people do at once must never make a node
// unlawful, because the binding deletes unlawful nodes for everyone.

import { Schema } from "prosemirror-model";

const SAFE = /^(?:https?:\/\/|mailto:)[^\s<>"\\]+$/i;

/** The address if a reader may be sent there, else null. */
export function safeHref(href) {
  const address = String(href ?? "").trim();
  return SAFE.test(address) && address.length <= 2000 ? address : null;
}

const nodes = {
  doc: { content: "(block | section)*" },
  paragraph: { content: "text*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    content: "text*",
    group: "block",
    defining: true,
    parseDOM: ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => ({ tag })),
    toDOM: () => ["h3", 0],
  },
  bullet_list: { content: "list_item*", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
  ordered_list: { content: "list_item*", group: "block", parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0] },
  list_item: { content: "block*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  blockquote: {
    content: "block*",
    group: "block",
    defining: true,
    parseDOM: [{ tag: "blockquote" }],
    toDOM: () => ["blockquote", 0],
  },
  table: {
    content: "table_row*",
    group: "block",
    isolating: true,
    parseDOM: [{ tag: "table" }],
    toDOM: () => ["table", ["tbody", 0]],
  },
  table_row: { content: "(table_cell | table_header)*", parseDOM: [{ tag: "tr" }], toDOM: () => ["tr", 0] },
  table_cell: { content: "block*", isolating: true, parseDOM: [{ tag: "td" }], toDOM: () => ["td", 0] },
  table_header: { content: "block*", isolating: true, parseDOM: [{ tag: "th" }], toDOM: () => ["th", 0] },
  section: {
    content: "(block | section_title)*",
    attrs: { key: { default: "" } },
    isolating: true,
    defining: true,
    selectable: false,
    parseDOM: [{ tag: "section[data-key]", getAttrs: (dom) => ({ key: dom.dataset.key }) }],
    toDOM: (node) => ["section", { "data-key": String(node.attrs.key) }, 0],
  },
  section_title: {
    content: "text*",
    marks: "",
    isolating: true,
    defining: true,
    parseDOM: [{ tag: "h2[data-heading]", priority: 60 }],
    toDOM: () => ["h2", { "data-heading": "" }, 0],
  },
  text: {},
};

const marks = {
  link: {
    attrs: { href: { default: "" } },
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: (dom) => (safeHref(dom.getAttribute("href")) ? { href: dom.href } : false) }],
    toDOM: (mark) => ["a", { href: safeHref(mark.attrs.href) ?? "#", rel: "noopener noreferrer", target: "_blank" }, 0],
  },
  em: { parseDOM: [{ tag: "i" }, { tag: "em" }, { style: "font-style=italic" }], toDOM: () => ["em", 0] },
  strong: {
    parseDOM: [
      { tag: "strong" },
      // Google Docs wraps whole documents in a <b> of normal weight.
      { tag: "b", getAttrs: (dom) => dom.style.fontWeight !== "normal" && null },
      { style: "font-weight", getAttrs: (weight) => /^(bold(er)?|[6-9]\d\d)$/.test(weight) && null },
    ],
    toDOM: () => ["strong", 0],
  },
};

export const schema = new Schema({ nodes, marks });
