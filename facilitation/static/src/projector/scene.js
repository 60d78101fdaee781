// Which scene is on, and whether it is dark: said by the item "day", changed by hand with two keys.

import { keep, kept } from "../storage.js";

const main = document.getElementById("main");
const root = document.documentElement;
let lit = false;

/** Follows the day: calls nothing, tells "projector:scene" when another scene begins. */
export function openScene() {
  document.addEventListener("live:news", follow);
  follow();
}

/** Dark or light, as chosen by hand; the closing circle is dark unless it is lit while it lasts. */
export function choose(night) {
  if (main.dataset.layout === "circle") lit = !night;
  else keep("night", night);
  shade();
}

function follow() {
  const day = document.getElementById("day");
  document.querySelector(".message").classList.toggle("lengthy", textOf("message").length > 160);
  if (!day) return;
  const { scene, layout, claim } = day.dataset;
  const changed = main.dataset.scene !== scene;
  if (changed) lit = false;
  main.dataset.scene = scene;
  main.dataset.layout = layout;
  main.dataset.claim = claim;
  shade();
  if (changed) document.dispatchEvent(new CustomEvent("projector:scene"));
}

function shade() {
  const dark = "night" in (document.getElementById("day")?.dataset ?? {}) ? !lit : Boolean(kept("night"));
  root.classList.toggle("night", dark);
}

function textOf(id) {
  return document.getElementById(id)?.textContent ?? "";
}
