// « Aller au n° », and topics near what is being typed.

import { t } from "../words.js";

const COMMON = new Set("avec cette comme comment dans entre etre faire leur leurs mais meme notre nous pour pourquoi quand quel quelle sans sont sous tous tout votre vous what when with that this from have".split(" "));

export function openFind() {
  document.addEventListener("submit", (event) => event.target.matches("[role=search]") && go(event));
  document.addEventListener("input", ({ target }) => target.matches("#title") && nearTo(target));
  document.addEventListener("click", closeOthers);
  document.addEventListener("keydown", ({ key }) => key === "Escape" && close(document.querySelector(".menu[open], .goto[open]")));
}

function go(event) {
  const form = event.target;
  const wanted = String(Number(form.n.value));
  const found = [...document.querySelectorAll("[data-number]")].find((item) => item.dataset.number === wanted && item.offsetParent);
  event.preventDefault();
  const said = form.querySelector("[data-found]");
  said.textContent = found ? "" : t("Aucun sujet n° {number} ici.", { number: wanted });
  if (!found) return;
  form.reset();
  close(form.closest("details"), false);
  reach(found);
}

function reach(item) {
  item.tabIndex = -1;
  item.scrollIntoView({ block: "center" });
  item.focus({ preventScroll: true });
  item.classList.add("found");
  setTimeout(() => item.classList.remove("found"), 3000);
}

function closeOthers(event) {
  const { target } = event;
  for (const open of document.querySelectorAll(".menu[open], .goto[open]")) {
    if (!open.contains(target)) open.open = false;
  }
  const link = target.closest?.("[data-near-link]");
  if (!link) return;
  event.preventDefault();
  reach(document.getElementById(link.hash.slice(1)));
}

function close(details, refocus = true) {
  if (!details) return;
  details.open = false;
  if (refocus) details.querySelector("summary").focus();
}

function nearTo(field) {
  const line = field.form?.querySelector("[data-near]");
  if (!line) return;
  const words = wordsOf(field.value);
  const scored = [...document.querySelectorAll(".wall [data-topic]")].map((item) => ({ item, score: shared(words, item) }));
  const best = scored.reduce((top, each) => (each.score > top.score ? each : top), { score: 0 });
  line.hidden = best.score < (words.size > 3 ? 2 : 1);
  if (line.hidden) return;
  const link = line.querySelector("a");
  link.href = `#${best.item.id}`;
  link.textContent = `${best.item.dataset.number}, ${best.item.querySelector(".topic-title").textContent}`;
}

function shared(words, item) {
  return [...wordsOf(item.querySelector(".topic-title").textContent)].filter((word) => words.has(word)).length;
}

/** The words of a text that mean something, cut to their beginning so that endings do not matter. */
function wordsOf(text) {
  const plain = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  return new Set((plain.match(/[a-z]+/g) ?? []).filter((word) => word.length > 3 && !COMMON.has(word)).map((word) => word.slice(0, 6)));
}
