// The sheet: an editor that several share, what it has kept and what has been received, and who writes where.

import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { openCopy } from "./sheet/copy.js";
import { Incoming } from "./sheet/incoming.js";
import { keys } from "./sheet/keys.js";
import { openLine } from "./sheet/line.js";
import { Margin } from "./sheet/margin.js";
import { Notes } from "./sheet/notes.js";
import { Outline } from "./sheet/outline.js";
import { openPane, ownActs } from "./sheet/pane.js";
import { promptsPlugin } from "./sheet/prompts.js";
import { openProvider } from "./sheet/provider.js";
import { addOffered, joinSection, moveSection, sectionsOf } from "./sheet/sections.js";
import { Toolbar } from "./sheet/toolbar.js";
import { Writers } from "./sheet/writers.js";
import { start } from "./start.js";
import { read, t } from "./words.js";

const config = read("sheet");
const byId = (id) => document.getElementById(id);

const doc = new Y.Doc();
const root = doc.getXmlFragment("sheet");
const jotted = doc.getXmlFragment("notes");
const awareness = new Awareness(doc);
const writers = new Writers(awareness, { name: config.me.name, colour: config.colour }, byId("writers"), byId("editor"));
const margin = new Margin({ state: byId("state"), notice: byId("notice"), finish: byId("finish") });
// Elsewhere one sends again oneself; here the page does.
const ASKED_AGAIN = ["not_kept", "broken", "too_fast"];
const takenLater = () => t("Le forum n’a pas pu l’enregistrer. Gardez cette page ouverte : elle le renvoie d’elle-même.");
let may = config.may;
let frozen = false;

const editable = () => may === "write" && !frozen && root.length > 0;
const acts = ownActs(root, jotted);

function moveAt(index, step) {
  const moved = moveSection(view, index, step, (place) => writers.busy(place));
  if (moved) margin.announce(t("Rubrique déplacée"));
  return moved;
}

function joinAt(index) {
  const title = joinSection(view, index);
  if (title !== null) margin.offer(t("{title} : réunie à la rubrique du dessus.", { title: title || t("Sans titre") }), t("Remettre"), putBack);
  return title !== null;
}

let drawing = 0;

function drawSoon() {
  drawing ||= requestAnimationFrame(() => {
    drawing = 0;
    draw();
  });
}

function draw() {
  if (!notes?.view?.docView) return;
  outline.draw();
  toolbar.draw();
  notes.draw();
  offerSections();
  drawing ||= requestAnimationFrame(() => {
    drawing = 0;
    writers.draw();
    margin.people(writers.names());
  });
}

const offered = [...document.querySelectorAll(".suggested")];
for (const button of offered) button.addEventListener("click", () => addOffered(view, button.dataset.key, button.dataset.title));

function offerSections() {
  const known = offered.length ? sectionsOf(view.state.doc).map(({ key }) => key) : [];
  for (const button of offered) button.hidden = !editable() || known.includes(button.dataset.key);
}

const shared = { acts, writers, editable, changed: draw, looked: drawSoon, say: (sentence) => margin.say(sentence) };
const view = openPane({
  ...shared,
  mount: byId("editor"),
  part: root,
  keys: keys({
    leave: () => toolbar.enter(),
    link: () => toolbar.openLink(),
    move: (_view, index, step) => moveAt(index, step),
    join: (_view, index) => joinAt(index),
    grown: () => margin.announce(t("Ligne ajoutée")),
  }),
  more: [promptsPlugin(config.prompts)],
  attributes: { "aria-label": t("Texte de la fiche") },
});
writers.view = view;
const notes = new Notes({
  ...shared,
  panel: byId("notes"),
  toggle: byId("jot"),
  away: byId("notes-away"),
  bar: byId("send"),
  told: byId("sending"),
  mount: byId("notes-editor"),
  part: jotted,
  sheet: view,
  sent(count, title) {
    const words = count > 1 ? t("{count} lignes envoyées dans {title}.", { count, title }) : t("Une ligne envoyée dans {title}.", { title });
    margin.offer(words, t("Remettre"), () => acts.undo());
  },
});
const toolbar = new Toolbar(byId("toolbar"), byId("link"), view, {
  announce: (sentence) => margin.announce(sentence),
  removed: (sentence) => margin.offer(sentence, t("Remettre"), putBack),
});
const outline = new Outline({
  list: byId("outline"),
  add: byId("add"),
  arrange: byId("arrange"),
  view,
  writers,
  move: moveAt,
  join: joinAt,
  removed: (title) => margin.offer(t("{title} : rubrique retirée.", { title }), t("Remettre"), putBack),
});

function putBack() {
  acts.undo();
  view.focus();
}

function refresh() {
  view.setProps({ editable });
  notes.view.setProps({ editable });
  byId("add").hidden = byId("arrange").hidden = !editable();
  document.body.classList.toggle("reading", !editable());
  draw();
}

async function begin() {
  let provider = null;
  let keeping = false;
  let again = false;
  let keptHere = false;
  const copy = await openCopy(doc, config.sheet, { lost: unkept, late: () => provider?.owe() });
  refresh();
  const message = { forum: config.forum, lang: document.documentElement.lang || "fr", protocol: config.protocol ?? 1 };
  const line = openLine({ forum: config.forum, protocol: config.protocol ?? 1 });
  const rescued = () => margin.say(t("On déplaçait ce passage pendant que vous écriviez : vos mots l’ont suivi."));
  const incoming = new Incoming({ doc, parts: [[root, view], [jotted, notes.view]], own: copy.own, rescued });
  const take = (updates, origin, then) => incoming.take(updates, origin, then);
  provider = openProvider({ doc, awareness, line, message, sheet: config.sheet, copy, take, tell });
  if (!root.length) margin.waiting();
  if (copy.aside()) tellAside(copy.aside());
  notes.showWritten();

  function tell(news) {
    if (news.may) margin.relent();
    if (news.may) allow(news);
    if (news.refused) margin.refuse(ASKED_AGAIN.includes(news.code) ? takenLater() : news.refused, news.passes);
    if (news.aside) tellAside(copy.setAside(news.aside));
    if (news.away !== undefined) margin.away(news.away);
    if (news.state === "received") {
      copy.settle(provider.number());
      margin.relent();
      margin.received(news.at);
    }
    if (news.state === "owed") keepHere();
  }

  function allow(news) {
    if (may === config.may) notes.showWritten();
    may = news.may;
    if (may === "read" && config.may === "write") {
      margin.refuse(news.text ?? t("Cette fiche se lit, mais ne s’écrit plus d’ici. Rechargez la page pour reprendre."));
    }
    refresh();
  }

  // Its places stay in the sheet, empty: the words are shown here until they are written anew and the sheet is finished.
  function tellAside(words) {
    margin.refuse(t("Le forum n’a pas pu prendre ces mots ; ils sont gardés sur cet appareil, écrivez-les autrement : « {words} »", { words }));
  }

  // What was kept here is gone while some of it is still owed: this page is the only one that has it.
  function unkept() {
    keptHere = false;
    margin.kept(false);
  }

  // Said only once it is on this device's disk, and only while it is not yet received.
  async function keepHere() {
    margin.owed();
    again = keeping;
    if (keeping) return;
    keeping = true;
    keptHere = await copy.keep(provider.number());
    keeping = false;
    if (provider.settled()) return;
    // Letters typed meanwhile are not on the disk yet: saying it now would speak of them too.
    if (again) keepHere();
    else margin.kept(keptHere);
  }

  margin.onFinish(async () => {
    // Another page may have left words here since this one was opened, and would lose them.
    if (await copy.gather()) provider.owe();
    if (!provider.settled()) return margin.say(t("Tout n’est pas encore reçu. Gardez cette page ouverte."));
    frozen = true;
    refresh();
    provider.close();
    await copy.erase();
    margin.finished(config.links?.done);
  });
  // What is owed could no longer be sent once somebody else holds the pen.
  for (const name of ["submit", "click"]) {
    addEventListener(name, (event) => {
      const leaves = event.target.closest?.(name === "submit" ? "[data-leaves]" : "a[data-leaves]");
      if (!leaves || provider.settled()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      margin.say(t("Tout n’est pas encore reçu. Gardez cette page ouverte."));
    }, true);
  }
  addEventListener("beforeunload", (event) => provider.settled() || keptHere || event.preventDefault());
}

addEventListener("resize", drawSoon);
awareness.on("change", drawSoon);
doc.on("update", () => root.length && document.body.classList.contains("reading") && refresh());
start();
begin();
