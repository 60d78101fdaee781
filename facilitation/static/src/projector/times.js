// Time that does not press: dots of five minutes, the hour it lasts to, minutes only at the end, and never lateness.

import { now } from "../live.js";
import { t } from "../words.js";

const MINUTE = 60000;
const EACH = 5;
const MOST_DOTS = 30;
const NEAR = 10;
const SOON = 90;
const TURN = 10;
const MOST_TURN = 18;

/** Keeps [data-calm] and [data-soon] up to date. */
export function openTimes() {
  tick();
  setInterval(tick, 2500);
  document.addEventListener("live:news", tick);
}

function tick() {
  document.querySelectorAll("[data-calm]").forEach(calm);
  document.querySelectorAll("[data-turn]").forEach(turn);
  for (const element of document.querySelectorAll("[data-soon]")) {
    const minutes = left(element.dataset.soon);
    put(element, minutes > 0 && minutes <= SOON ? t("dans {time}", { time: t("{minutes} min", { minutes }) }) : "");
  }
}

function calm(timer) {
  const minutes = left(timer.dataset.calm);
  // Whoever presents keeps the screen a little past the hour; the day does not.
  timer.hidden = minutes < (timer.dataset.each ? -5 : -1);
  const each = Number(timer.dataset.each) || EACH;
  const total = Math.min(MOST_DOTS, Math.ceil(Number(timer.dataset.minutes) / each));
  const to = Math.min(total, Math.max(0, Math.ceil(minutes / each)));
  const dots = timer.querySelector(".pips");
  dots.replaceChildren(...Array.from({ length: total }, (_, number) => dot(number < to)));
  const words = timer.querySelector(".lasting");
  words.dataset.hour ??= words.textContent;
  if (minutes > NEAR) put(words, words.dataset.hour);
  else put(words, minutes > 0 ? t("encore {minutes} min", { minutes }) : t("c’est l’heure"));
}

// A turn at the microphone: a dot goes every few seconds; when none is left, nothing presses.
function turn(timer) {
  const seconds = Number(timer.dataset.seconds);
  const total = Math.min(MOST_TURN, Math.ceil(seconds / TURN));
  const to = Math.ceil(((new Date(timer.dataset.turn) - now()) / 1000 / seconds) * total);
  const dots = timer.querySelector(".pips");
  if (dots.dataset.to === String(to)) return;
  dots.dataset.to = to;
  dots.replaceChildren(...Array.from({ length: total }, (_, number) => dot(number < to)));
}

function left(instant) {
  return Math.ceil((new Date(instant) - now()) / MINUTE);
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function dot(full) {
  const pip = document.createElement("i");
  pip.className = full ? "pip" : "pip open";
  return pip;
}
