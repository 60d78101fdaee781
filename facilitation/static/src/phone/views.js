// The agenda's two views: where I go, and everything.

import { me } from "../live.js";
import { t } from "../words.js";

let chosen = null;

export function openViews() {
  const tabs = document.querySelectorAll("[data-view]");
  if (!tabs.length) return;
  for (const tab of tabs) {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      chosen = tab.dataset.view;
      show();
    });
  }
  document.querySelector("[data-choose]")?.addEventListener("click", choose);
  document.addEventListener("live:me", show);
  document.addEventListener("live:news", show);
}

// Until one has chosen a tab, whoever goes somewhere sees where, and whoever does not sees what there is.
function show() {
  const view = chosen ?? (me()?.workshops.length ? "programme" : "all");
  for (const agenda of document.querySelectorAll(".agenda")) {
    agenda.classList.toggle("programme", view === "programme");
    agenda.querySelectorAll("[data-view]").forEach((tab) => {
      if (tab.dataset.view === view) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    });
    lonely(agenda);
  }
  offer(view);
}

const open = () => document.querySelector(".programme .slot[data-hour]:not(.chosen)");

// The button at the thumb leads to the first slot where one goes nowhere yet.
function offer(view) {
  const place = document.querySelector("[data-choose]");
  const slot = view === "programme" ? open() : null;
  place.hidden = !slot?.offsetParent;
  if (slot) place.firstElementChild.textContent = t("Choisir pour {hour}", { hour: slot.dataset.hour });
}

function choose() {
  const slot = open();
  chosen = "all";
  show();
  slot.tabIndex = -1;
  slot.scrollIntoView();
  slot.focus({ preventScroll: true });
}

// A slot where one goes nowhere says what waits there.
function lonely(agenda) {
  let slot = null;
  const further = new Set();
  for (const item of agenda.querySelectorAll("[data-slot=agenda] > li")) {
    if (item.matches(".slot")) {
      slot = item;
      slot.classList.remove("chosen");
    } else if (item.matches(".going")) {
      slot?.classList.add("chosen");
      for (const one of item.dataset.further?.split(" ") ?? []) further.add(one);
    }
  }
  for (const one of agenda.querySelectorAll(".slot[data-of]")) if (further.has(one.dataset.of)) one.classList.add("chosen");
}
