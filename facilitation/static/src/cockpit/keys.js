// The keyboard: Ctrl Z takes the last act back; single letters act unless somebody switched them off.

import { submit } from "../forms.js";
import { keep, kept } from "../storage.js";
import { choose, compose } from "./parts.js";

const OFF = "keys-off";
const press = (selector) => {
  const button = document.querySelector(selector);
  if (button) submit(button.form, button);
};
const SINGLE = {
  n: () => press(".screen-switch button"),
  s: () => document.querySelector(".button.step")?.focus(),
  m: () => {
    choose("journee");
    compose("");
  },
  "?": () => document.getElementById("keys").showModal(),
};

export function openKeys() {
  const switchOn = document.getElementById("keys-on");
  switchOn.checked = !kept(OFF);
  switchOn.addEventListener("change", () => keep(OFF, !switchOn.checked));
  document.querySelector(".keys-hint").hidden = false;
  document.getElementById("show-keys").addEventListener("click", SINGLE["?"]);
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
    const act = actOf(event, switchOn.checked);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function actOf(event, single) {
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && key === "z") return () => press(".undo");
  if (!single || event.ctrlKey || event.metaKey || event.altKey) return null;
  const tab = /^[1-7]$/.test(key) && document.querySelectorAll(".tabs a")[Number(key) - 1];
  return tab ? () => choose(tab.dataset.open) : SINGLE[key];
}
