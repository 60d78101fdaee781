// Minutes gone, five to a dot; the button that moves the day fills when five minutes are left.

import { now } from "../live.js";

const MINUTE = 60000;

export function openTimer() {
  tick();
  setInterval(tick, 5000);
  document.addEventListener("live:news", tick);
  document.addEventListener("live:state", tick);
}

function tick() {
  const timer = document.querySelector("[data-timer]");
  const step = document.querySelector(".button.step");
  const left = timer ? (new Date(timer.dataset.timer) - now()) / MINUTE : 0;
  if (timer) fill([...timer.querySelectorAll(".pip")], left);
  step?.classList.toggle("quiet", left > 5 || Boolean(document.querySelector(".called")));
}

function fill(dots, left) {
  const ahead = Math.min(dots.length, Math.max(0, Math.ceil(left / 5)));
  dots.forEach((dot, index) => dot.classList.toggle("open", index >= dots.length - ahead));
}
