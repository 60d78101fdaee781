// The ballot: a dot sticks under the finger at once, then is received; nothing has to be confirmed.

import { me } from "../live.js";
import { pending, send } from "../outbox.js";
import { n, t } from "../words.js";
import "./ballot.js";
import { fillList } from "./lists.js";

const SETTLES = 3000;
const moves = new Map();

/** Takes over the stickers and the hand. */
export function openVote() {
  if (!document.querySelector("[data-slot=ballot]")) return;
  document.addEventListener("submit", stick, true);
  document.addEventListener("outbox:received", ({ detail }) => answered(detail, true));
  document.addEventListener("outbox:refused", ({ detail }) => answered(detail, false));
  document.addEventListener("live:me", draw);
  document.addEventListener("live:news", draw);
  for (const { op, name, payload } of pending()) note(op, name, payload.topic);
}

function stick(event) {
  const form = event.target;
  const name = form.dataset.command;
  if (name !== "place_dot" && name !== "lift_dot") return;
  event.preventDefault();
  event.stopPropagation();
  const topic = form.elements.topic.value;
  const here = count(topic);
  const cap = Number(form.closest("[data-cap]")?.dataset.cap ?? 1);
  if (name === "lift_dot" || here >= cap) move("lift_dot", topic);
  else if (left() > 0) move("place_dot", topic);
  else tellFull();
}

function move(name, topic) {
  say("");
  // The number is given by the outbox as it keeps the command, before anything leaves.
  document.addEventListener("outbox:kept", ({ detail }) => note(detail.op, name, topic), { once: true });
  send(name, { topic }).then((answer) => answer.ok || say(answer.text));
  draw();
}

function note(op, name, topic) {
  if (name === "place_dot" || name === "lift_dot") moves.set(op, { topic, step: name === "place_dot" ? 1 : -1, from: base(topic), done: false });
}

// A dot received stays drawn until what the server says of me has caught up with it.
function answered(detail, ok) {
  const one = moves.get(detail.op);
  if (!one) return;
  if (!ok) moves.delete(detail.op);
  else {
    one.done = true;
    mark();
    setTimeout(() => moves.delete(detail.op) && draw(), SETTLES);
    detail.said = sentences().join(" ");
  }
  draw();
}

// The round is the room's: a phone hears that another has begun before anything of its own has changed.
function standing() {
  const rule = document.querySelector(".rule[data-round]")?.dataset;
  const mine = me();
  if (!rule || !mine) return { votes: mine?.votes ?? [], dots: mine?.dots ?? 0, interest: Boolean(mine?.interest) };
  return { votes: rule.round === mine.round ? mine.votes : [], dots: Number(rule.dots), interest: rule.mode === "interest" };
}

const base = (topic) => standing().votes.filter((one) => one === topic).length;

// The receipt is a page of its own weight: it comes after the first dot of a round, never with the first visit.
let marked = null;

function mark() {
  const source = document.querySelector("[data-receipt-script]")?.dataset.receiptScript;
  const round = document.querySelector(".rule[data-round]")?.dataset.round ?? "";
  if (marked === round || !source) return;
  marked = round;
  document.head.append(Object.assign(document.createElement("script"), { src: source }));
}

function settle() {
  for (const [op, one] of moves) if (one.done && base(one.topic) !== one.from) moves.delete(op);
}

function votes() {
  const held = [...standing().votes];
  for (const { topic, step } of moves.values()) {
    if (step > 0) held.push(topic);
    else if (held.includes(topic)) held.splice(held.indexOf(topic), 1);
  }
  return held;
}

const count = (topic) => votes().filter((one) => one === topic).length;
const left = () => standing().dots - votes().length;
const waiting = () => [...moves.values()].some(({ done }) => !done);

function draw() {
  const admission = document.querySelector("[data-slot=admission]");
  if (admission) admission.hidden = me()?.may_vote ?? true;
  if (!me()) return;
  settle();
  for (const item of document.querySelectorAll("[data-slot=ballot] > [data-topic]")) {
    const here = count(item.dataset.topic);
    const sticker = item.querySelector(".sticker");
    sticker.setAttribute("aria-pressed", String(here > 0));
    sticker.textContent = here > 1 ? here : "";
  }
  drawHand();
}

function drawHand() {
  const hand = document.querySelector("[data-hand=dots]");
  const held = votes().map((topic) => ({ topic, item: document.querySelector(`[data-slot=ballot] > [data-topic="${topic}"]`) }));
  const rows = held.map(({ topic, item }, index) => rowOf(topic, item, index)).sort((one, other) => one.number - other.number);
  hand.querySelectorAll("li:not([data-key])").forEach((pip) => pip.remove());
  fillList(hand, rows);
  for (const [index, { number }] of rows.entries()) paint(hand.children[index + 1], number);
  for (let rest = standing().interest ? 0 : left(); rest > 0; rest -= 1) {
    const place = hand.appendChild(document.createElement("li"));
    place.appendChild(document.createElement("i")).className = "pip";
  }
  const [first, second] = sentences();
  const state = document.querySelector("[data-hand=state]");
  state.classList.toggle("kept", held.length > 0 && waiting());
  state.classList.toggle("received", held.length > 0 && !waiting());
  state.textContent = full || first;
  document.querySelector("[data-hand=left]").textContent = second;
}

function rowOf(topic, item, index) {
  return { id: `${topic}-${index}`, topic, number: Number(item?.dataset.number ?? 0) };
}

function paint(row, number) {
  const button = row.querySelector("button");
  button.className = `dot solid d40 c${(number + 5) % 6}${number > 99 ? " long" : ""}`;
  button.textContent = number || "";
  button.setAttribute("aria-label", t("Reprendre la gommette du n° {number}", { number }));
}

function sentences() {
  const placed = votes().length;
  if (standing().interest) {
    if (!placed) return [t("Touchez le cercle de chaque sujet qui vous intéresse."), ""];
    return [waiting()
      ? n("{count} sujet marqué, gardé sur cet appareil.", "{count} sujets marqués, gardés sur cet appareil.", placed)
      : n("{count} sujet marqué, reçu.", "{count} sujets marqués, reçus.", placed), ""];
  }
  if (!placed) return [t("Touchez un cercle pour y coller une gommette."), remaining()];
  const state = waiting()
    ? n("{count} gommette posée, gardée sur cet appareil.", "{count} gommettes posées, gardées sur cet appareil.", placed)
    : n("{count} gommette posée, reçue.", "{count} gommettes posées, reçues.", placed);
  return [state, remaining()];
}

function remaining() {
  return left() > 0 ? n("Il vous en reste {count}.", "Il vous en reste {count}.", left()) : t("Toutes sont posées.");
}

let full = "";

function tellFull() {
  say(t("Toutes vos gommettes sont posées. Reprenez-en une pour la déplacer."));
}

// What could not be done is said where the dots are, and aloud.
function say(text) {
  full = text;
  const voice = document.getElementById("moved");
  if (text) voice.textContent = text;
  drawHand();
}
