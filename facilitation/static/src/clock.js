// Times that walk by themselves, told by the server's clock.

import { now } from "./live.js";
import { t } from "./words.js";

const MINUTE = 60000;
const TELL = { until: tellUntil, since: tellSince, atTime: tellAtTime };

/** Keeps every [data-until], [data-since] and [data-at-time] of the page up to date. */
export function openClock() {
  tick();
  setInterval(tick, 5000);
  document.addEventListener("live:news", tick);
  document.addEventListener("live:state", tick);
}

/** « Encore 24 min », then « 3 min de retard ». */
export function tellUntil(left) {
  if (left <= -MINUTE) return late(left);
  if (left <= 0) return t("C’est l’heure");
  return left < MINUTE ? t("Encore moins d’une minute") : t("Encore {time}", { time: span(Math.ceil(left / MINUTE)) });
}

/** « à l’instant », then « il y a 5 min ». */
export function tellSince(left) {
  return -left < MINUTE ? t("à l’instant") : t("il y a {time}", { time: span(Math.floor(-left / MINUTE)) });
}

/** « dans 8 min », « maintenant », then « 10 min de retard ». */
export function tellAtTime(left) {
  if (left <= -MINUTE) return late(left);
  return left <= 0 ? t("maintenant") : t("dans {time}", { time: span(Math.ceil(left / MINUTE)) });
}

/** A minute of the day as the reader's language writes it, like the server's own: « 15 h 47 », « 15:47 ». */
export function hourOf(minute) {
  const [hours, rest] = [Math.floor(minute / 60) % 24, minute % 60];
  const padded = String(rest).padStart(2, "0");
  if (document.documentElement.lang !== "fr") return `${hours}:${padded}`;
  return rest ? `${hours}\u00a0h\u00a0${padded}` : `${hours}\u00a0h`;
}

function late(left) {
  return t("{time} de retard", { time: span(Math.floor(-left / MINUTE)) });
}

function span(minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return t("{minutes} min", { minutes });
  return rest ? t("{hours} h {minutes}", { hours, minutes: String(rest).padStart(2, "0") }) : t("{hours} h", { hours });
}

function tick() {
  for (const [name, tell] of Object.entries(TELL)) {
    const attribute = name === "atTime" ? "data-at-time" : `data-${name}`;
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      const text = tell(new Date(element.dataset[name]) - now());
      if (element.textContent !== text) element.textContent = text;
    }
  }
}
