// What became of one's topics, told once on each device: « C’est noté » puts it away until it changes.

import { hourOf } from "../clock.js";
import { me, tell } from "../live.js";
import { keep, kept } from "../storage.js";
import { t } from "../words.js";

const KEY = "fates";
const TOLD = new Set(["workshop", "group", "unplaced"]);

export function openFates() {
  document.addEventListener("click", ({ target }) => {
    const card = target.closest?.("[data-seen]")?.closest("[data-key]");
    if (!card) return;
    const topic = me().topics.find(({ id }) => id === card.dataset.key);
    keep(KEY, { ...kept(KEY), [topic.id]: sign(topic) });
    tell("live:me", me());
  });
}

/** My topics of whose fate this device has not been told. */
export function newFates({ topics }) {
  // While everybody chooses a cell, the page itself tells.
  if (/\bat-(claim|blank)/.test(document.documentElement.className)) return [];
  const seen = kept(KEY) ?? {};
  const fresh = topics.filter((topic) => TOLD.has(topic.fate.kind) && seen[topic.id] !== sign(topic));
  return fresh.map((topic) => ({ ...topic, says: says(topic.fate), free: topic.fate.free, changes: true }));
}

function sign({ fate }) {
  const { kind, number, start, room, with: others } = fate;
  return JSON.stringify([kind, number, start, room, others.map((one) => one.number)]);
}

function says({ kind, number, start, room, free, with: others }) {
  if (kind === "group") return `${t("Réuni avec :")} ${others.map((one) => `${one.number}. ${one.title}`).join(" ; ")}`;
  if (kind === "unplaced") return `${t("Pas programmé.")} ${free ? t("Vous pouvez encore l’accueillir dans toute case libre.") : t("Il reste dans le compte-rendu.")}`;
  if (start === null) return t("C’est l’atelier {number}. Sa place viendra.", { number });
  const place = { number, hour: hourOf(start), room };
  return room ? t("C’est l’atelier {number} : {hour}, {room}.", place) : t("C’est l’atelier {number} : {hour}.", place);
}
