// What an earlier page kept and nobody has answered yet: shown with its words until it is received, or given back.

import { pending } from "./outbox.js";
import { textOf } from "./payload.js";
import { showState } from "./states.js";
import { t } from "./words.js";

// Most of what was kept leaves as soon as the page is open.
const SOON = 1200;
const READABLE = 4000;
const rows = new Map();
let notice = null;

/** Called as the page opens, before anything of its own is kept. */
export function openWaiting() {
  const found = pending().filter((entry) => ownWords(entry));
  if (!found.length) return;
  document.addEventListener("outbox:received", ({ detail }) => settle(detail.op, "received"));
  document.addEventListener("outbox:refused", ({ detail }) => settle(detail.op, ""));
  setTimeout(() => show(found.filter((entry) => pending().some((one) => one.op === entry.op))), SOON);
}

function show(entries) {
  if (!entries.length) return;
  notice = document.createElement("div");
  notice.className = "notice waiting-here";
  const list = notice.appendChild(document.createElement("ul"));
  list.setAttribute("aria-label", t("Gardé sur cet appareil"));
  for (const entry of entries) {
    const row = list.appendChild(document.createElement("li"));
    row.appendChild(document.createElement("strong")).textContent = ownWords(entry).split("\n")[0];
    const state = row.appendChild(document.createElement("span"));
    state.className = "state";
    showState(state, "kept");
    rows.set(entry.op, row);
  }
  document.body.prepend(notice);
}

function settle(op, state) {
  const row = rows.get(op);
  if (!row) return;
  rows.delete(op);
  if (state) showState(row.querySelector(".state"), state);
  else row.remove();
  if (!rows.size) setTimeout(() => notice.remove(), state ? READABLE : 0);
}

// Identifiers and choices are nobody's words.
function ownWords({ payload }) {
  const written = Object.values(payload).flat().filter((value) => typeof value === "string" && !/^[0-9a-f]{8,32}$/.test(value));
  return textOf(written);
}
