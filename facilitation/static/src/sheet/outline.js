// The sections at the left: dots that fill as they are written, the way to each, and what can be done with one.

import { t } from "../words.js";
import { addSection, enterSection, indexAt, removeSection, sectionsOf } from "./sections.js";

const ICONS = {
  up: "M4 12l6-6 6 6",
  down: "M4 8l6 6 6-6",
  join: "M4 3.5h12M10 17V7.5M6.3 11.2L10 7.5l3.7 3.7",
  remove: "M5 5l10 10M15 5L5 15",
};

export class Outline {
  /**
   * `arrange` shows the tools where there is no room for them; `move(index, step)` and `join(index)` answer whether the
   * section moved; `removed(title)` is told what was taken away.
   */
  constructor({ list, add, arrange, view, writers, move, join, removed }) {
    Object.assign(this, { list, arrange, view, writers, move, join, removed });
    arrange.addEventListener("click", () => this.#arrange(arrange.getAttribute("aria-expanded") !== "true"));
    add.addEventListener("click", () => addSection(view, indexAt(view.state.doc, view.state.selection.head)));
    list.addEventListener("click", (event) => this.#click(event));
    list.addEventListener("keydown", (event) => this.#key(event));
  }

  draw() {
    const { doc, selection } = this.view.state;
    const places = sectionsOf(doc);
    const here = this.view.hasFocus() ? indexAt(doc, selection.head) : -1;
    while (this.list.children.length > places.length) this.list.lastElementChild.remove();
    while (this.list.children.length < places.length) this.list.append(row());
    const writing = this.writers.places();
    places.forEach((place, index) => this.#fill(this.list.children[index], place, index, places.length, here, writing));
  }

  #fill(item, place, index, count, here, writing) {
    const title = place.title || t("Sans titre");
    item.classList.toggle("filled", place.filled);
    item.classList.toggle("here", index === here);
    const [go, up, down, join, remove] = item.querySelectorAll("button");
    set(go.querySelector(".outline-title"), title);
    set(go.querySelector(".aloud"), place.filled ? t(", écrite") : t(", vide"));
    if (index === here) go.setAttribute("aria-current", "true");
    else go.removeAttribute("aria-current");
    label(up, t("Monter {title}", { title }));
    label(down, t("Descendre {title}", { title }));
    label(join, t("Réunir {title} à la rubrique du dessus", { title }));
    label(remove, t("Retirer {title}", { title }));
    up.disabled = join.disabled = !this.view.editable || index === 0;
    down.disabled = !this.view.editable || index === count - 1;
    remove.disabled = !this.view.editable;
    const colours = writing.filter(({ at }) => place.from < at && at < place.to).map(({ colour }) => colour);
    const marks = item.querySelector(".outline-writers");
    if (marks.dataset.colours === colours.join()) return;
    marks.dataset.colours = colours.join();
    marks.replaceChildren(...colours.map((colour) => made("i", colour)));
  }

  #click({ target }) {
    const button = target.closest("button");
    if (!button) return;
    const index = [...this.list.children].indexOf(button.closest("li"));
    if (button.dataset.act === "go") enterSection(this.view, index);
    else if (button.dataset.act === "remove") this.#remove(index);
    else if (button.dataset.act === "join") this.#join(index);
    else this.#move(index, button.dataset.act === "up" ? -1 : 1, button.dataset.act);
  }

  #key(event) {
    const index = [...this.list.children].indexOf(event.target.closest("li"));
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && event.altKey) this.#move(index, step, "go");
    else if (step) this.list.children[index + step]?.querySelector("button").focus();
    else if (event.key === "Delete") this.#remove(index);
    else return;
    event.preventDefault();
  }

  #move(index, step, act) {
    if (!this.view.editable || !this.move(index, step)) return;
    const buttons = this.list.children[index + step].querySelectorAll("button");
    const wanted = [...buttons].find((button) => button.dataset.act === act && !button.disabled);
    (wanted ?? buttons[0]).focus();
  }

  #join(index) {
    if (this.view.editable && this.join(index)) this.list.children[index - 1].querySelector("button").focus();
  }

  #arrange(on) {
    this.arrange.setAttribute("aria-expanded", String(on));
    this.list.classList.toggle("arranging", on);
  }

  #remove(index) {
    if (!this.view.editable) return;
    const { title } = sectionsOf(this.view.state.doc)[index];
    removeSection(this.view, index);
    this.removed(title || t("Sans titre"));
  }
}

function row() {
  const item = made("li", "outline-item");
  const go = made("button", "outline-go");
  go.dataset.act = "go";
  go.setAttribute("aria-keyshortcuts", "Alt+ArrowUp Alt+ArrowDown Delete");
  go.append(made("span", "outline-dot"), made("span", "outline-title"), made("span", "aloud"), made("span", "outline-writers"));
  item.append(go, ...Object.keys(ICONS).map(tool));
  for (const button of item.querySelectorAll("button")) button.type = "button";
  return item;
}

function tool(act) {
  const button = made("button", "outline-tool");
  button.dataset.act = act;
  button.append(icon(ICONS[act]));
  return button;
}

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

export function made(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

export function label(button, words) {
  if (button.getAttribute("aria-label") === words) return;
  button.setAttribute("aria-label", words);
  button.title = words;
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
