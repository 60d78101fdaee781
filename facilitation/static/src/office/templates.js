// The headings of a template: moved by their grip, by Alt and an arrow, or by their buttons; added and taken away in place.

import { t } from "../words.js";

const list = document.getElementById("headings");
let held = null;

export function openTemplates() {
  if (!list) return;
  list.closest("form").addEventListener("click", press);
  list.addEventListener("keydown", step);
  list.addEventListener("dragstart", ({ target, dataTransfer }) => {
    held = target.closest("[data-row]");
    dataTransfer.effectAllowed = "move";
    dataTransfer.setDragImage(held, 24, 24);
  });
  list.addEventListener("dragover", (event) => {
    const over = held && event.target.closest("[data-row]");
    if (!over) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (over !== held) over[event.clientY < top + height / 2 ? "before" : "after"](held);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    say(held);
    held = null;
  });
}

function press(event) {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("[data-row]");
  const { do: act } = button.dataset;
  if (act === "add") add();
  else if (act === "remove") remove(row);
  else move(row, act === "up" ? -1 : 1, button);
}

function step(event) {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by || !event.altKey) return;
  event.preventDefault();
  move(event.target.closest("[data-row]"), by, event.target);
}

function move(row, by, focused) {
  const beside = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (beside) beside[by < 0 ? "before" : "after"](row);
  focused.focus();
  say(row);
}

function add() {
  const row = document.getElementById("heading-row").content.firstElementChild.cloneNode(true);
  list.append(row);
  row.querySelector("[name=title]").focus();
  row.querySelector("details")?.setAttribute("open", "");
}

function remove(row) {
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (beside?.querySelector("[name=title]") ?? document.querySelector("[data-do=add]")).focus();
}

function say(row) {
  const place = [...list.children].indexOf(row) + 1;
  const count = list.children.length;
  document.getElementById("moved").textContent =
    list.dataset.of === "chapters" ? t("Chapitre {place} sur {count}", { place, count }) : t("Rubrique {place} sur {count}", { place, count });
}
