// Keys and tools, and the pointer that goes away when nobody needs it.

import { pause, turn } from "./pages.js";
import { choose } from "./scene.js";

const REST = 3000;
const KEYS = {
  q: "code", b: "dark", n: "night", l: "light", f: "full", p: "pause", " ": "pause",
  arrowright: "next", arrowdown: "next", pagedown: "next", arrowleft: "back", arrowup: "back", pageup: "back", escape: "show",
};
const root = document.documentElement;
let resting = null;

const ACTS = {
  code: () => toggle("large", "code"),
  dark: () => toggle("dark", "dark"),
  night: () => choose(true),
  light: () => choose(false),
  full: fullScreen,
  pause: () => press("pause", pause()),
  next: () => press("pause", turn(1)),
  back: () => press("pause", turn(-1)),
  show: () => ["large", "dark"].forEach((id) => document.getElementById(id).hidden || toggle(id, id === "large" ? "code" : id)),
};

export function openKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const own = event.target.closest?.("button") && (event.key === " " || event.key === "Enter");
    const act = KEYS[event.key.toLowerCase()];
    if (!act || own) return;
    event.preventDefault();
    ACTS[act]();
  });
  document.getElementById("tools").addEventListener("click", ({ target }) => ACTS[target.closest("button")?.dataset.act]?.());
  addEventListener("pointermove", stir);
  addEventListener("pointerdown", stir);
  stir();
}

function stir() {
  root.classList.remove("idle");
  clearTimeout(resting);
  resting = setTimeout(() => root.classList.add("idle"), REST);
}

function toggle(id, act) {
  const part = document.getElementById(id);
  part.hidden = !part.hidden;
  press(act, !part.hidden);
}

function press(act, on) {
  document.querySelector(`[data-act="${act}"]`).setAttribute("aria-pressed", String(on));
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.().catch(() => {});
}
