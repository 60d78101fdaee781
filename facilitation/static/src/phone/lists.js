// Lists of what is one's own: the page wrote them first, they are kept up with what the server says of me.

import { hourOf } from "../clock.js";
import { n, t } from "../words.js";
import { newFates } from "./fates.js";

const LISTS = {
  asked: (me) => me.asked.map((group) => ({ ...group, id: group.group })),
  waiting: (me) => me.topics.filter(({ state }) => state === "held" || state === "hidden").map((topic) => ({ ...topic, says: says(topic) })),
  hostable: (me) => (document.querySelector(".workshop[data-workshop]") ? me.topics : []).filter(({ state, workshop }) => state === "shown" && workshop === null),
  claimable: (me) => me.topics.filter(({ state, place }) => state === "shown" && !place),
  claimed: (me) => me.topics.filter(({ place }) => place).map((topic) => ({ ...topic, changes: true, where: `${hourOf(topic.place.start)}, ${topic.place.room}` })),
  notices: (me) => me.notices.map((notice) => ({ ...notice, changes: true, says: changed(notice) })),
  pens: (me) => me.sheets,
  hosting: (me) => me.hosting.map((one) => ({ ...one, changes: true })),
  joining: (me) => me.joining.map((one) => ({ ...one, candidacy: one.id, who: one.name || t("Quelqu’un") })),
  microphone: (me) => me.topics.filter(({ pitch }) => pitch).map((topic) => ({ ...topic, topic: topic.id, says: queued(topic.pitch), waits: !topic.pitch.on, changes: true })),
  fates: (me) => newFates(me),
  nudges: (me) => me.sheets.filter(({ nudged }) => nudged),
  promises: (me) => me.engagements.filter(({ state }) => state !== "withdrawn"),
};

export function openLists() {
  document.addEventListener("live:me", ({ detail }) => {
    for (const list of document.querySelectorAll("[data-list]")) {
      const rows = LISTS[list.dataset.list](detail);
      fillList(list, rows);
      const around = list.closest("[data-with-list]");
      if (around) around.hidden = rows.length === 0;
    }
    const claim = document.querySelector(".claim");
    if (claim) choosing(claim, LISTS.claimable(detail).length > 0);
    const ring = document.querySelector("svg.ring[data-follow=engaged]");
    if (ring && LISTS.promises(detail).length) ring.removeAttribute("data-open");
  });
}

// Whoever has a topic without a place may touch the free cells; the first topic is chosen until another is.
function choosing(claim, can) {
  claim.classList.toggle("can", can);
  const topics = [...claim.querySelectorAll("[name=topic][type=radio]")];
  if (topics.length && !topics.some(({ checked }) => checked)) topics[0].checked = true;
}

/** Makes `list` hold one copy of its <template> for each row, in order; rows already there stay as they are. */
export function fillList(list, rows) {
  const template = list.querySelector(":scope > template");
  const known = new Map([...list.children].filter((child) => child !== template).map((child) => [child.dataset.key, child]));
  const wanted = rows.map((row) => fill(known.get(row.id) ?? copy(template), row));
  wanted.forEach((element, index) => {
    if (list.children[index + 1] !== element) list.insertBefore(element, list.children[index + 1] ?? null);
  });
  while (list.children.length > wanted.length + 1) list.lastElementChild.remove();
}

function copy(template) {
  return template.content.firstElementChild.cloneNode(true);
}

function fill(element, row) {
  if (element.dataset.key === row.id && !row.changes) return element;
  element.dataset.key = row.id;
  for (const list of element.querySelectorAll("[data-each]")) {
    fillList(list, row[list.dataset.each].map((each) => ({ ...each, id: String(each.number) })));
  }
  for (const place of element.querySelectorAll("[data-put]")) {
    if (place.closest("[data-each]")?.parentElement.closest("[data-key]") === element) continue;
    const value = row[place.dataset.put];
    if (value === undefined) continue;
    if (place.matches("input")) place.value = value;
    else place.textContent = value;
  }
  for (const link of element.querySelectorAll("[data-href]")) {
    link.href = link.dataset.href.replace(/\{(\w+)\}/g, (_hole, name) => row[name]);
  }
  for (const part of element.querySelectorAll("[data-show]")) part.hidden = !row[part.dataset.show];
  if (row.number && element.querySelector(":scope > .dot")) element.classList.add(`c${(row.number - 1) % 6}`);
  return element;
}

function changed({ state, place }) {
  if (state === "cancelled") return t("Cet atelier est annulé.");
  if (!place) return t("Il n’a plus ni salle ni heure, pour l’instant.");
  return `${t("Il se tient maintenant ici :")} ${hourOf(place.start)}, ${place.room}.`;
}

function says({ state }) {
  return state === "held" ? t("Reçu. L’équipe le relit avant de l’afficher.") : t("L’équipe l’a retiré de l’affichage.");
}

function queued({ on, before }) {
  if (on) return t("C’est à vous, au micro");
  return before ? n("Au micro après {count} personne", "Au micro après {count} personnes", before) : t("Au micro, vous êtes la prochaine personne");
}
