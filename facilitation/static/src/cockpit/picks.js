// Topics ticked for grouping or keeping: the button says how many.

import { n, t } from "../words.js";

export function openPicks() {
  document.addEventListener("change", ({ target }) => target.matches(".pick input") && count());
  document.addEventListener("live:news", count);
  document.addEventListener("reset", () => setTimeout(count));
  count();
}

function count() {
  const keep = document.querySelector("[data-keep-count]");
  const kept = picked("retenir");
  if (keep) {
    keep.textContent = kept ? t("En retenir {count}", { count: kept }) : t("Retenir les sujets cochés");
    keep.disabled = kept === 0;
  }
  const group = document.querySelector("#regrouper button");
  const together = picked("regrouper");
  group.textContent = together < 2 ? t("Regrouper les sujets cochés") : n("Regrouper {count} sujet", "Regrouper {count} sujets", together);
  group.disabled = together < 2;
}

function picked(form) {
  return document.querySelectorAll(`.pick input[form="${form}"]:checked`).length;
}
