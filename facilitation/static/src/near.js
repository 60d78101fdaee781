// Topics near the one being typed: asked of the server once a pause, shown beneath the field, three at most.

import { page, request } from "./live.js";
import { fillList } from "./phone/lists.js";
import { n } from "./words.js";

const PAUSE = 450;
const LEAST = 4;
let timer = null;
let asked = "";

export function openNear() {
  document.addEventListener("input", ({ target }) => {
    const box = target.form?.querySelector("[data-near]");
    if (!box || target.name !== "title") return;
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE, target, box);
  });
  document.addEventListener("reset", ({ target }) => {
    const box = target.querySelector("[data-near]");
    if (box) show(box, []);
  });
}

async function look(field, box) {
  const text = field.value.trim();
  asked = text;
  if (text.length < LEAST) {
    show(box, []);
    return;
  }
  // Out of reach, nothing is suggested, and nothing is missed.
  const answer = await request("near", { forum: page.forum, text, lang: page.lang, protocol: page.protocol }).catch(() => null);
  if (asked === field.value.trim()) show(box, answer?.near ?? []);
}

function show(box, topics) {
  const rows = topics.map((topic) => ({ ...topic, id: String(topic.number), changes: true, with: n("{count} personne", "{count} personnes", topic.people) }));
  fillList(box.querySelector("[data-near-list]"), rows);
  box.hidden = rows.length === 0;
}
