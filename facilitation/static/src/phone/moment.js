// Follows the day: what the page shows belongs to the stage that the item "now" names.

import { me } from "../live.js";
import { t } from "../words.js";

const root = document.documentElement;

/** Shows the parts of the present stage, and says a new moment aloud. */
export function openMoment() {
  document.addEventListener("live:news", follow);
  document.addEventListener("live:me", () => root.classList.toggle("named", Boolean(me()?.name)));
  // « Reçu », or that somebody reads it first, once and in words.
  document.addEventListener("outbox:received", ({ detail }) => {
    if (detail.answer?.held) detail.said = t("reçu ; l’équipe le relit avant de l’afficher");
  });
  for (const name of ["input", "focusin", "reset"]) document.addEventListener(name, ({ target }) => setTimeout(unfold, 0, target));
  // What was typed before the page was left is back in its form once every opener has run.
  setTimeout(() => document.querySelectorAll(".unfolds form").forEach((form) => unfold(form)));
}

function follow() {
  for (const part of document.querySelectorAll("[data-with]")) {
    part.hidden = !document.querySelector(`[data-slot="${part.dataset.with}"] > [data-at]`);
  }
  const now = document.getElementById("now");
  if (!now) return;
  const before = (/\bat-(\w+)/.exec(root.className) ?? [])[1];
  const { stage, title } = now.dataset;
  if (stage !== before) enter(stage);
  // A page that was opened on a closed forum has nothing to choose with.
  if (stage === "claim" && !document.getElementById("claim")) location.reload();
  const moved = document.getElementById("moved");
  if (stage !== before || moved.dataset.title !== title) announce(moved, title, before === undefined);
}

function enter(stage) {
  root.className = root.className.replace(/ ?\bat-\w+/, "");
  root.classList.add(`at-${stage}`);
  root.classList.toggle("night", stage === "circle" || stage === "curtain");
  for (const part of document.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(stage);
  }
  if (!document.activeElement?.matches("input, textarea")) scrollTo({ top: 0 });
}

function announce(place, title, first) {
  if (!first && place.dataset.title !== undefined) place.textContent = t("Maintenant : {title}", { title });
  place.dataset.title = title;
}

// A field grows with its text; a form that takes little room unfolds for good once something is written in it.
function unfold(target) {
  const form = target.form ?? target;
  for (const field of form.querySelectorAll?.("[data-grow]") ?? []) grow(field);
  const folded = form.closest?.(".unfolds");
  if (folded) folded.classList.toggle("begun", [...form.querySelectorAll("textarea")].some(({ value }) => value));
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight + 4, innerHeight / 3)}px`;
}
