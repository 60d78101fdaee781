// Marks what is mine among what everybody sees: my topics, where I go, what I commit to.

import { me, page } from "../live.js";
import { t } from "../words.js";

export function openMarks() {
  document.addEventListener("live:me", mark);
  document.addEventListener("live:news", mark);
}

function mark() {
  const mine = me();
  if (!mine?.topics) return;
  const topics = new Map(mine.topics.map((topic) => [topic.id, topic]));
  for (const item of document.querySelectorAll(".topic[data-topic]")) claim(item, topics.get(item.dataset.topic));
  toggle(".workshop[data-workshop]", "workshop", { going: mine.workshops });
  toggle(".workshop[data-workshop]", "workshop", { penned: penned(mine) });
  for (const one of document.querySelectorAll("[data-readback]")) one.classList.toggle("confirmed", mine.confirmed.includes(one.dataset.readback));
  const own = mine.engagements.map(({ id }) => id);
  toggle(".engagement[data-engagement]", "engagement", { joined: mine.pledges, own });
}

function toggle(selector, key, lists) {
  for (const item of document.querySelectorAll(selector)) {
    for (const [name, ids] of Object.entries(lists)) item.classList.toggle(name, ids.includes(item.dataset[key]));
  }
}

function penned(mine) {
  const numbers = mine.sheets.map(({ number }) => String(number));
  const items = [...document.querySelectorAll(".workshop[data-workshop]")];
  return items.filter((item) => numbers.includes(item.querySelector(".dot").textContent)).map((item) => item.dataset.workshop);
}

function claim(item, topic) {
  const known = item.querySelector(".own");
  if (!topic) {
    known?.remove();
    return;
  }
  if (known) return;
  const line = document.createElement("p");
  line.className = "own";
  const name = document.createElement("strong");
  name.textContent = t("Votre sujet");
  line.append(name);
  if (item.closest("[data-slot=wall]")) line.append(" ", stateOf(), " ", change(topic));
  item.querySelector(".topic-by").prepend(line);
}

function stateOf() {
  const state = document.createElement("span");
  state.className = "state received";
  state.textContent = t("reçu");
  return state;
}

function change(topic) {
  const link = document.createElement("a");
  link.href = `/f/${page.forum}/sujets/${topic.number}#modifier`;
  link.textContent = t("Modifier");
  return link;
}
