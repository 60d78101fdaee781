// Moving a workshop to a free cell with the mouse; the same is in each workshop's menu.

import { send } from "../outbox.js";

let held = null;

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
    send("place_workshop", { workshop: held, room: cell.dataset.room, slot: cell.dataset.slotOfDay }, { keep: false });
  });
}

function free(target) {
  return held && target.closest ? target.closest("td.free") : null;
}

function mark(cell) {
  document.querySelectorAll("td.over").forEach((each) => each !== cell && each.classList.remove("over"));
  cell?.classList.add("over");
}
