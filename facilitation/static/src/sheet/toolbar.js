// The toolbar: appears over a selection and where the keyboard calls it; one Tab stop, arrows inside.

import { setBlockType, toggleMark, wrapIn, lift } from "prosemirror-commands";
import { TextSelection } from "prosemirror-state";
import { redo, undo } from "y-prosemirror";
import { t } from "../words.js";
import { deeper, higher, listAround, toggleList } from "./keys.js";
import { icon, label, made } from "./outline.js";
import { safeHref, schema } from "./schema.js";
import { addColumn, addRow, insertTable, removeColumn, removeRow, removeTable, tableAround } from "./tables.js";

const { heading, paragraph, blockquote, bullet_list, ordered_list } = schema.nodes;
const { strong, em, link } = schema.marks;

const MOD = /Mac|iP/.test(navigator.platform) ? "Meta" : "Control";
// What each is called, its keys as one reads them, its keys as assistive tools read them, and its drawing.
const TOOLS = [
  ["bold", t("Gras"), t("Ctrl B"), "Mod+B", "M6 3.5h5a3.2 3.2 0 0 1 0 6.4H6zM6 9.9h5.8a3.3 3.3 0 0 1 0 6.6H6z"],
  ["italic", t("Italique"), t("Ctrl I"), "Mod+I", "M8.5 3.5h6M5.5 16.5h6M11.5 3.5l-3 13"],
  ["link", t("Lien"), t("Ctrl K"), "Mod+K", "M8.5 11.5l3-3M9 5.5l1.5-1.5a3.9 3.9 0 0 1 5.5 5.5L14.5 11M11 14.5L9.5 16A3.9 3.9 0 0 1 4 10.5L5.5 9"],
  ["bullets", t("Puces"), t("- puis espace, ou Ctrl Maj 8"), "Mod+Shift+8", "M8 5h9M8 10h9M8 15h9M3.5 5h.01M3.5 10h.01M3.5 15h.01"],
  ["numbers", t("Numéros"), t("1. puis espace, ou Ctrl Maj 7"), "Mod+Shift+7", "M9 5h8M9 10h8M9 15h8M3 4l1.5-.8V8M2.8 12.5c.4-1.3 2.7-1 2.3.4-.2.7-1.3 1.4-2.3 2.6h2.5"],
  ["deeper", t("Décaler"), t("Tab"), "Tab", "M3 4h14M9 8.3h8M9 12.3h8M3 16.5h14M3 7.8l2.8 2.5L3 12.8"],
  ["higher", t("Ramener"), t("Maj Tab"), "Shift+Tab", "M3 4h14M9 8.3h8M9 12.3h8M3 16.5h14M5.8 7.8L3 10.3l2.8 2.5"],
  ["heading", t("Intertitre"), t("### puis espace"), "", "M4 4v12M12 4v12M4 10h8M15 11.5l2-1.5v6"],
  ["quote", t("Citation"), t("> puis espace"), "", "M4 4v12M8 6h9M8 10h9M8 14h6"],
  ["table", t("Tableau"), t("|| puis espace"), "", "M3 4h14v12H3zM3 8.3h14M3 12.2h14M10 8.3V16"],
  ["undo", t("Annuler la frappe"), t("Ctrl Z"), "Mod+Z", "M4 8h8.5a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5"],
  ["redo", t("Rétablir"), t("Ctrl Maj Z"), "Mod+Shift+Z", "M16 8H7.5a4 4 0 0 0 0 8H12M16 8l-3.5-3.5M16 8l-3.5 3.5"],
];
const TABLE_TOOLS = [
  ["row-add", t("Ajouter une ligne"), t("Tab dans la dernière case"), "", "M3 3.5h14v6H3zM10 12v6M7 15h6"],
  ["row-remove", t("Retirer la ligne"), "", "", "M3 3.5h14v6H3zM7 15h6"],
  ["column-add", t("Ajouter une colonne"), "", "", "M3.5 3h6v14h-6zM15 7v6M12 10h6"],
  ["column-remove", t("Retirer la colonne"), "", "", "M3.5 3h6v14h-6zM12 10h6"],
  ["table-remove", t("Retirer le tableau"), "", "", "M3 4h14v12H3zM7.8 7.8l4.4 4.4M12.2 7.8l-4.4 4.4"],
];
const DONE = {
  table: t("Tableau de 3 lignes et 3 colonnes. Tab passe à la case suivante."),
  "row-add": t("Ligne ajoutée"),
  "row-remove": t("Ligne retirée"),
  "column-add": t("Colonne ajoutée"),
  "column-remove": t("Colonne retirée"),
};

export class Toolbar {
  /** `announce(sentence)` says what was done, `removed(sentence)` that a table is gone and may come back. */
  constructor(bar, form, view, { announce, removed }) {
    Object.assign(this, { bar, form, view, announce, removed });
    this.buttons = [...TOOLS.map((tool) => button(tool)), ...TABLE_TOOLS.map((tool) => button(tool, "of-table"))];
    this.current = this.buttons[0];
    bar.prepend(...this.buttons.slice(0, TOOLS.length), made("span", "tool-break"), ...this.buttons.slice(TOOLS.length));
    bar.addEventListener("click", ({ target }) => this.#press(target.closest("button")?.dataset.tool));
    // A click on a tool must not take the selection away.
    bar.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
    bar.addEventListener("keydown", (event) => this.#key(event));
    bar.addEventListener("focusin", () => this.draw());
    bar.addEventListener("focusout", () => requestAnimationFrame(() => this.draw()));
    form.addEventListener("submit", (event) => this.#setLink(event));
    form.addEventListener("keydown", (event) => event.key === "Escape" && this.#closeLink());
    form.elements.remove.addEventListener("click", () => this.#writeLink(null));
    this.#rove();
  }

  enter() {
    if (!this.view.editable) return false;
    this.#offerTableTools();
    this.bar.classList.remove("brief");
    this.#rove();
    this.current.focus();
    return true;
  }

  openLink() {
    const range = linkAround(this.view.state);
    if (!range && this.view.state.selection.empty) return false;
    this.form.hidden = false;
    this.form.elements.href.value = range?.href ?? "";
    this.form.elements.remove.hidden = !range;
    this.form.querySelector("output").textContent = "";
    this.draw();
    this.form.elements.href.select();
    return true;
  }

  draw() {
    const { view, bar, form } = this;
    const inside = bar.contains(document.activeElement) || form.contains(document.activeElement);
    const selecting = view.hasFocus() && !view.state.selection.empty;
    const touch = view.hasFocus() && matchMedia("(max-width: 760px)").matches;
    const whole = inside || selecting || touch || !form.hidden;
    const table = this.#offerTableTools();
    // In a table without a choice of words, what changes the table is enough.
    const brief = !whole && table !== null && view.hasFocus();
    if (brief && !this.current.classList.contains("of-table")) this.current = this.buttons[TOOLS.length];
    this.#rove();
    bar.classList.toggle("brief", brief);
    bar.classList.toggle("shown", view.editable && (whole || brief));
    if (!bar.classList.contains("shown")) return;
    this.#place(table && view.nodeDOM(table.from));
    for (const each of this.buttons) {
      const pressed = this.#pressed(each.dataset.tool);
      if (pressed !== null) each.setAttribute("aria-pressed", String(pressed));
      each.setAttribute("aria-disabled", String(!this.#able(each.dataset.tool)));
    }
  }

  #offerTableTools() {
    const table = tableAround(this.view.state.selection.$head);
    for (const each of this.buttons) if (each.classList.contains("of-table")) each.hidden = !table;
    return table;
  }

  /** Under this table, of which nothing is to be hidden, else over what is chosen. */
  #place(element) {
    const { view, bar } = this;
    const { from, to } = view.state.selection;
    const [start, end] = element ? [element.getBoundingClientRect(), element.getBoundingClientRect()] : [view.coordsAtPos(from), view.coordsAtPos(to, -1)];
    const frame = bar.parentElement.getBoundingClientRect();
    const [above, below] = [start.top - bar.offsetHeight - 8, end.bottom + 8];
    const isAbove = element ? below + bar.offsetHeight > innerHeight : above > 8;
    const top = isAbove ? above : below;
    const left = Math.min(start.left - 12, frame.right - bar.offsetWidth);
    bar.style.setProperty("--top", `${Math.round(top - frame.top)}px`);
    bar.style.setProperty("--across", `${Math.round(Math.max(left, frame.left) - frame.left)}px`);
    const visible = globalThis.visualViewport;
    const keyboard = visible ? innerHeight - visible.height - visible.offsetTop : 0;
    bar.style.setProperty("--keyboard", `${Math.max(0, Math.round(keyboard))}px`);
  }

  #press(tool) {
    if (!tool || !this.#able(tool)) return;
    if (tool === "link") {
      this.openLink();
      return;
    }
    const focused = document.activeElement;
    const { state, dispatch } = this.view;
    this.#command(tool)(state, dispatch.bind(this.view), this.view);
    const isTableGone = tool.endsWith("-remove") && !tableAround(this.view.state.selection.$head);
    if (!this.bar.contains(focused) || isTableGone || tool === "table") this.view.focus();
    this.draw();
    if (isTableGone) this.removed(t("Tableau retiré."));
    else if (DONE[tool]) this.announce(DONE[tool]);
  }

  #command(tool) {
    const { state } = this.view;
    switch (tool) {
      case "bold": return toggleMark(strong);
      case "italic": return toggleMark(em);
      case "link": return () => !state.selection.empty || Boolean(linkAround(state));
      case "bullets": return toggleList(bullet_list);
      case "numbers": return toggleList(ordered_list);
      case "heading": return setBlockType(this.#pressed(tool) ? paragraph : heading);
      case "quote": return this.#pressed(tool) ? lift : wrapIn(blockquote);
      case "table": return insertTable;
      case "row-add": return addRow;
      case "row-remove": return removeRow;
      case "column-add": return addColumn;
      case "column-remove": return removeColumn;
      case "table-remove": return removeTable;
      case "undo": return undo;
      case "redo": return redo;
      default: return tool === "deeper" ? deeper : higher;
    }
  }

  #able(tool) {
    return tool === "undo" || tool === "redo" || this.#command(tool)(this.view.state);
  }

  #pressed(tool) {
    const { state } = this.view;
    const { $from, from, to, empty } = state.selection;
    const marks = { bold: strong, italic: em, link }[tool];
    if (marks) return empty ? Boolean(marks.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, marks);
    const list = { bullets: bullet_list, numbers: ordered_list }[tool];
    if (list) return listAround($from)?.node.type === list;
    if (tool === "heading") return $from.parent.type === heading;
    if (tool === "quote") return [...Array($from.depth + 1).keys()].some((level) => $from.node(level).type === blockquote);
    return null;
  }

  #key(event) {
    const shown = this.buttons.filter(({ hidden }) => !hidden);
    const [here, count] = [shown.indexOf(this.current), shown.length];
    const steps = { ArrowRight: here + 1, ArrowLeft: here - 1 + count, Home: 0, End: count - 1 };
    if (event.key === "Escape") this.view.focus();
    else if (event.key in steps) {
      this.current = shown[steps[event.key] % count];
      this.#rove();
      this.current.focus();
    } else return;
    event.preventDefault();
  }

  #rove() {
    if (this.current.hidden) [this.current] = this.buttons;
    for (const each of this.buttons) each.tabIndex = each === this.current ? 0 : -1;
  }

  #setLink(event) {
    event.preventDefault();
    const typed = this.form.elements.href.value.trim();
    const guessed = /^[a-z]+:/i.test(typed) ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`;
    const href = safeHref(guessed);
    if (href && /[.@]/.test(href)) this.#writeLink(href);
    else this.form.querySelector("output").textContent = t("Une adresse commence par https:// ou mailto:");
  }

  #writeLink(href) {
    const { state } = this.view;
    const { from, to } = linkAround(state) ?? state.selection;
    const tr = state.tr.removeMark(from, to, link);
    if (href) tr.addMark(from, to, link.create({ href }));
    this.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, to)).removeStoredMark(link));
    this.#closeLink();
  }

  #closeLink() {
    this.form.hidden = true;
    this.view.focus();
    this.draw();
  }
}

function button([tool, name, keys, shortcut, path], group = "") {
  const element = made("button", `tool ${group}`.trim());
  element.type = "button";
  element.dataset.tool = tool;
  element.append(icon(path));
  label(element, name);
  if (keys) element.title = `${name} (${keys})`;
  if (shortcut) element.setAttribute("aria-keyshortcuts", shortcut.replace("Mod", MOD));
  return element;
}

/** The whole link that holds the cursor or the selection's start: {from, to, href}, or null. */
function linkAround(state) {
  const { $from } = state.selection;
  const { parent } = $from;
  const start = $from.start();
  let found = null;
  parent.forEach((node, offset) => {
    const mark = link.isInSet(node.marks);
    const [from, to] = [start + offset, start + offset + node.nodeSize];
    if (!mark) return;
    if (found?.to === from && found.href === mark.attrs.href) found.to = to;
    else if (!found || found.to < $from.pos) found = { from, to, href: mark.attrs.href };
  });
  return found && found.from <= $from.pos && $from.pos <= found.to ? found : null;
}
