// Moving a workshop to a free cell with the mouse, or with the arrows from its closed menu; the same is in the menu.

import { send } from "../outbox.js";

const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
let held = null;
let moved = null;

export function openGrid() {
  document.addEventListener("dragstart", ({ target, dataTransfer }) => {
    held = target.closest?.("[data-workshop]")?.dataset.workshop ?? null;
    if (held) dataTransfer.setData("text/plain", held);
  });
  document.addEventListener("dragend", () => {
    held = null;
    mark(null);
  });
  document.addEventListener("dragover", (event) => {
    const cell = free(event.target);
    mark(cell);
    if (cell) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const cell = free(event.target);
    if (!cell) return;
    event.preventDefault();
    put(held, cell);
  });
  document.addEventListener("keydown", (event) => {
    const chip = WAYS[event.key] && event.target.matches(".chip summary") && event.target.closest(".chip");
    if (!chip || event.target.parentElement.open || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const cell = next(chip.closest("td"), WAYS[event.key]);
    if (!cell) return;
    moved = chip.dataset.workshop;
    put(moved, cell);
  });
  // The workshop that was moved is another element now: whoever moves it goes on from there.
  document.addEventListener("live:news", () => {
    const chip = moved && document.querySelector(`#grid .chip[data-workshop="${moved}"]`);
    if (chip) chip.querySelector("summary").focus({ preventScroll: true });
  });
  document.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && (moved = null));
}

function put(workshop, cell) {
  send("place_workshop", { workshop, room: cell.dataset.room, slot: cell.dataset.slotOfDay }, { keep: false });
}

// The nearest free cell that way; from outside the grid, its first.
function next(from, [down, across]) {
  if (!from) return document.querySelector("#grid td.free");
  const rows = [...document.querySelectorAll("#grid tbody tr")].map((row) => [...row.querySelectorAll("td")]);
  let line = rows.findIndex((row) => row.includes(from));
  let place = rows[line].indexOf(from);
  do {
    line += down;
    place += across;
  } while (rows[line]?.[place] && !rows[line][place].matches(".free"));
  return rows[line]?.[place];
}

function free(target) {
  return held && target.closest ? target.closest("td.free") : null;
}

function mark(cell) {
  document.querySelectorAll("td.over").forEach((each) => each !== cell && each.classList.remove("over"));
  cell?.classList.add("over");
}
