// The sheet: an editor that several share, what it has kept and what has been received, and who writes where.

import { gapCursor } from "prosemirror-gapcursor";
import { EditorState, Plugin, Selection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { ySyncPlugin, ySyncPluginKey, yUndoPlugin, yUndoPluginKey } from "y-prosemirror";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { openCopy } from "./sheet/copy.js";
import { Incoming } from "./sheet/incoming.js";
import { keys } from "./sheet/keys.js";
import { openLine } from "./sheet/line.js";
import { Margin } from "./sheet/margin.js";
import { Outline } from "./sheet/outline.js";
import { cleanHtml, readText } from "./sheet/pasted.js";
import { promptsPlugin } from "./sheet/prompts.js";
import { openProvider } from "./sheet/provider.js";
import { typingRules } from "./sheet/rules.js";
import { schema } from "./sheet/schema.js";
import { moveSection, sectionsOf } from "./sheet/sections.js";
import { Toolbar } from "./sheet/toolbar.js";
import { Writers } from "./sheet/writers.js";
import { start } from "./start.js";
import { read, t } from "./words.js";

const PASTE_MOST = 200_000;
const HTML_MOST = 4_000_000;
const config = read("sheet");
const byId = (id) => document.getElementById(id);

const doc = new Y.Doc();
const root = doc.getXmlFragment("sheet");
const awareness = new Awareness(doc);
const writers = new Writers(awareness, { name: config.me.name, colour: config.colour }, byId("writers"), byId("editor"));
const margin = new Margin({ state: byId("state"), notice: byId("notice"), finish: byId("finish") });
let may = config.may;
let frozen = false;

const editable = () => may === "write" && !frozen && root.length > 0;

function openEditor() {
  const move = (_view, index, step) => moveAt(index, step);
  const plugins = [
    ySyncPlugin(root, { mapping: new Map() }),
    writers.plugin(),
    yUndoPlugin(),
    typingRules(document.documentElement.lang),
    ...keys({ leave: () => toolbar.enter(), link: () => toolbar.openLink(), move }),
    gapCursor(),
    promptsPlugin(config.prompts),
    neverEmpty(),
    new Plugin({ view: () => ({ update: draw }) }),
  ];
  return new EditorView(byId("editor"), {
    state: EditorState.create({ schema, plugins }),
    editable,
    attributes: () => ({
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": t("Texte de la fiche"),
      "aria-readonly": String(!editable()),
      "aria-describedby": "hint",
      tabindex: "0",
      spellcheck: "true",
      autocapitalize: "sentences",
    }),
    handleDOMEvents: { focus: drawSoon, blur: drawSoon, paste: tooLong },
    transformPastedHTML: cleanHtml,
    clipboardTextParser: readText,
    handleClickOn: (_view, _at, node, _from, event) => event.ctrlKey && openLink(event),
  });
}

// Weighed before it is read: reading megabytes would hold the page up.
function tooLong(_view, event) {
  const [text, html] = ["text/plain", "text/html"].map((kind) => event.clipboardData?.getData(kind).length ?? 0);
  if (text <= PASTE_MOST && html <= HTML_MOST) return false;
  event.preventDefault();
  return margin.say(t("C’est trop long pour une fiche. Collez-en une partie."));
}

// A sheet without a line would have no place for the cursor; and one that has just come would be selected whole, so that
// the first key would erase it.
function neverEmpty() {
  return new Plugin({
    appendTransaction(transactions, before, state) {
      if (!before.doc.childCount && state.doc.childCount) return state.tr.setSelection(Selection.atStart(state.doc));
      const own = transactions.some((tr) => tr.docChanged && !tr.getMeta(ySyncPluginKey)?.isChangeOrigin);
      return own && !state.doc.childCount ? state.tr.insert(0, schema.nodes.paragraph.create()) : null;
    },
  });
}

function openLink(event) {
  const address = event.target.closest?.("a[href]")?.href;
  if (address) open(address, "_blank", "noopener");
  return Boolean(address);
}

function moveAt(index, step) {
  const moved = moveSection(view, index, step, (place) => writers.busy(place));
  if (moved) margin.announce(t("Rubrique déplacée"));
  return moved;
}

let drawing = 0;

function drawSoon() {
  drawing ||= requestAnimationFrame(() => {
    drawing = 0;
    draw();
  });
}

function draw() {
  if (!view?.docView) return;
  outline.draw();
  toolbar.draw();
  drawing ||= requestAnimationFrame(() => {
    drawing = 0;
    writers.draw();
    margin.people(writers.names());
  });
}

const view = openEditor();
writers.view = view;
const toolbar = new Toolbar(byId("toolbar"), byId("link"), view);
const outline = new Outline({
  list: byId("outline"),
  add: byId("add"),
  view,
  writers,
  move: moveAt,
  removed: (title) => margin.offer(t("{title} : rubrique retirée.", { title }), t("Remettre"), putBack),
});

function putBack() {
  yUndoPluginKey.getState(view.state).undoManager.undo();
  view.focus();
}

function refresh() {
  view.setProps({ editable });
  byId("add").hidden = !editable();
  document.body.classList.toggle("reading", !editable());
  draw();
}

async function begin() {
  const copy = await openCopy(doc, config.sheet);
  refresh();
  const message = { forum: config.forum, lang: document.documentElement.lang || "fr", protocol: config.protocol ?? 1 };
  const line = openLine({ forum: config.forum, protocol: config.protocol ?? 1 });
  const rescued = () => margin.say(t("On déplaçait ce passage pendant que vous écriviez : vos mots l’ont suivi."));
  const incoming = new Incoming({ doc, root, view, own: copy.own, rescued });
  const take = (update, origin, then) => incoming.take(update, origin, then);
  const provider = openProvider({ doc, awareness, line, message, sheet: config.sheet, copy, take, tell });
  if (!root.length) margin.waiting();

  function tell(news) {
    if (news.may) allow(news);
    if (news.refused) margin.refuse(news.refused);
    if (news.away !== undefined) margin.away(news.away);
    if (news.state === "received") {
      copy.settle(provider.number());
      margin.received(news.at);
    }
    if (news.state === "owed") keepHere();
  }

  function allow(news) {
    may = news.may;
    if (may === "read" && config.may === "write") {
      margin.refuse(news.text ?? t("Cette fiche se lit, mais ne s’écrit plus d’ici. Rechargez la page pour reprendre."));
    }
    refresh();
  }

  let keeping = false;
  let again = false;
  let keptHere = false;

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
    if (!provider.settled()) return margin.say(t("Tout n’est pas encore reçu. Gardez cette page ouverte."));
    frozen = true;
    refresh();
    provider.close();
    await copy.erase();
    margin.finished(config.links?.done);
  });
  addEventListener("beforeunload", (event) => provider.settled() || keptHere || event.preventDefault());
}

addEventListener("resize", drawSoon);
awareness.on("change", drawSoon);
doc.on("update", () => root.length && document.body.classList.contains("reading") && refresh());
start();
begin();
