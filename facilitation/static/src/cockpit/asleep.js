// Whom to call: those who are to write a sheet, and whose page is open nowhere.

import { tellSince } from "../clock.js";
import { hear, now } from "../live.js";
import { t } from "../words.js";

export function openAsleep() {
  const place = document.getElementById("asleep");
  const show = (asleep) => {
    place.querySelector("ul").replaceChildren(...asleep.map(line));
    place.hidden = !asleep.length;
  };
  hear("asleep", ({ asleep }) => show(asleep));
  document.addEventListener("live:opened", ({ detail }) => detail.asleep && show(detail.asleep));
}

function line({ number, names, since }) {
  const made = document.createElement("li");
  const who = Object.assign(document.createElement("strong"), { textContent: names.join(", ") || t("Quelqu’un") });
  // The page's clock goes on from here.
  const when = Object.assign(document.createElement("span"), { textContent: tellSince(new Date(since) - now()) });
  when.dataset.since = since;
  made.append(who, ", ", t("atelier {number}", { number }), ", ", when);
  return made;
}
