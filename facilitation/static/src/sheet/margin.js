// The right margin: what has been kept and what received, who is here, what went wrong, and the end.

import { t } from "../words.js";

const PAUSE = 250;
const SLOW = 1500;

export class Margin {
  constructor({ state, notice, finish }) {
    Object.assign(this, { state, notice, finish });
    this.voice = document.getElementById("voice");
    this.slow = null;
    this.there = false;
    this.refusal = "";
  }

  /** Everything typed here is on the server's disk, since `at` (a Date), or since before. */
  received(at) {
    this.state.ariaBusy = "false";
    clearTimeout(this.slow);
    clearTimeout(this.calm);
    // While someone types the state would flicker at each key; it says "reçu" at the first pause.
    this.calm = setTimeout(() => {
      this.#show("received", t("Reçu"), at ? t("à {time}", { time: clock(at) }) : "");
      if (this.there) this.announce(t("reçu"));
      this.there = false;
    }, PAUSE);
  }

  /** What the state says does not hold yet for the letters just typed; a few milliseconds, so nothing moves on the page. */
  owed() {
    this.state.ariaBusy = "true";
    clearTimeout(this.calm);
  }

  /** Typed words are on this device's disk; `on` is false where the browser keeps nothing. */
  kept(on) {
    this.state.ariaBusy = "false";
    if (on) this.#show("kept", t("Gardé"), t("sur cet appareil"));
    else this.#show("kept", t("Pas encore reçu"), t("gardez cette page ouverte"));
    clearTimeout(this.slow);
    this.slow = setTimeout(() => {
      this.there = true;
      this.announce(on ? t("gardé sur cet appareil") : t("pas encore reçu"));
    }, SLOW);
  }

  away(is) {
    if (is === this.isAway) return;
    this.isAway = is;
    clearTimeout(this.late);
    if (is) this.late = setTimeout(() => this.say(t("Le réseau manque. Continuez : tout est gardé ici et partira dès son retour.")), 4000);
    else this.#clear();
  }

  waiting() {
    this.late = setTimeout(() => this.say(t("La fiche arrive.")), SLOW);
  }

  /** A sentence that stays; one that `passes`, until what it speaks of has been received. */
  refuse(sentence, passes = false) {
    if (sentence === this.refusal) return;
    this.refusal = sentence;
    this.passes = passes;
    this.say(sentence);
  }

  /** What was refused has been taken after all. */
  relent() {
    if (!this.refusal || !this.passes) return;
    this.refusal = "";
    this.#clear();
  }

  /** Says a sentence until the next; answers true, for handlers that end with it. */
  say(sentence) {
    this.#note(sentence);
    return true;
  }

  announce(sentence) {
    this.voice.textContent = sentence;
  }

  /** A sentence with one thing to do about it. */
  offer(sentence, verb, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = verb;
    button.addEventListener("click", () => {
      this.#clear();
      act();
    });
    this.#note(sentence, button);
    clearTimeout(this.offered);
    this.offered = setTimeout(() => button.isConnected && this.#clear(), 12000);
  }

  people(names) {
    const list = document.getElementById("present");
    const text = names.length ? t("Écrivent avec vous : {names}.", { names: names.join(", ") }) : "";
    if (list.textContent !== text) list.textContent = text;
  }

  onFinish(act) {
    this.finish.addEventListener("click", act);
  }

  finished(done) {
    this.finish.hidden = true;
    this.#show("received", t("Reçu"), "");
    this.say(t("Cet appareil n’a rien gardé de la fiche. Merci."));
    if (done) setTimeout(() => location.assign(done), 1200);
  }

  #show(name, word, rest) {
    this.state.className = `state ${name}`;
    const strong = document.createElement("strong");
    strong.textContent = word;
    this.state.replaceChildren(strong, rest && ` ${rest}`);
  }

  #note(sentence, ...rest) {
    const words = document.createElement("p");
    words.textContent = sentence;
    this.notice.replaceChildren(words, ...rest);
    this.notice.hidden = false;
  }

  #clear() {
    if (this.refusal) this.say(this.refusal);
    else {
      this.notice.hidden = true;
      this.notice.replaceChildren();
    }
  }
}

function clock(at) {
  const language = document.documentElement.lang || "fr";
  if (!language.startsWith("fr")) return at.toLocaleTimeString(language, { hour: "numeric", minute: "2-digit" });
  return `${at.getHours()} h ${String(at.getMinutes()).padStart(2, "0")}`.replace(/ /g, "\u00a0");
}
