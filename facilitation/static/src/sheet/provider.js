// Carries a sheet's updates to the server and back; says an update is received only when the server has said so.

import * as Y from "yjs";
import { applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness";
import { easing, halves, hollow, load } from "./flight.js";

const SCHEMA = 1;
const TICK = 1000;
const BEAT = 2;
const AGAIN = 4;
const SILENCE = 5000;
const GAP = 400;
const PACE = 100;
// An update of nobody that deletes nothing.
const NOTHING = new Uint8Array([0, 0]);
// Refusals that may pass by themselves: the same is asked again.
const FULL = "sheet_full";
const PASSING = ["not_kept", "broken", "too_fast", "forum_closed", FULL];

/**
 * `tell` hears {state: "received" | "owed", at}, {may}, {refused: sentence, code, passes}, {aside: words}, {away}, each when
 * it happens; `take(updates, origin, then)` brings what others sent into the document; `copy` says what this device holds:
 * {unsent(), number}.
 */
export function openProvider({ doc, awareness, line, message, sheet, copy, take, tell }) {
  const { socket, drop } = line;
  let number = copy.number;
  const ahead = new Set();
  let queue = [];
  let flight = null;
  let full = false;
  let eased = "";
  let may = null;
  let owesAll = copy.unsent();
  let opened = false;
  let wasAway = false;
  let asking = 0;
  let refused = false;
  let gap = null;
  let heard = Date.now();
  let ticks = 0;
  let ticked = Date.now();
  let beat = null;
  let pace = null;
  let wantedClosed = false;
  const self = Symbol("provider");
  const present = new Set();

  const ask = (event, payload) => socket.timeout(SILENCE).emitWithAck(event, { ...message, sheet, ...payload });

  async function open() {
    if (!socket.connected) return;
    asking += 1;
    const answer = await ask("sheet:open", { schema: SCHEMA, vector: Y.encodeStateVector(doc), number }).catch(() => null);
    asking -= 1;
    if (!answer) return socket.connected && drop();
    if (!answer.ok) return refuse(answer);
    tell({ away: false });
    // Counted before anything is taken in: what falls here with a place that others took away is not ours to delete.
    const rest = Y.encodeStateAsUpdate(doc, bytes(answer.vector));
    // One by one where the server still has them so: only then is it plain what each author had seen.
    const news = [...parts(bytes(answer.missed)), bytes(answer.update)];
    take(news, self, () => reached(answer.number));
    may = answer.may;
    if (wasAway) here();
    opened = true;
    wasAway = false;
    refused = false;
    offer(rest);
    tell({ may, ...answer });
    announce();
    send();
  }

  function refuse({ text, code }) {
    const passes = PASSING.includes(code);
    refused = !passes;
    tell({ refused: text, code, passes });
  }

  function offer(rest) {
    if (may !== "write" || flight || (queue.length && !owesAll)) return;
    // A vector does not show deletions, so what a former page may have left unsent is offered whole.
    if (owesAll || Y.decodeUpdate(rest).structs.length) queue.unshift({ update: rest });
    owesAll = false;
    tell({ state: queue.length ? "owed" : "received", at: null });
  }

  async function send() {
    if (may !== "write" || !socket.connected) return;
    if (!flight && queue.length) flight = { id: randomId(), sending: false, ...next() };
    if (!flight || flight.sending) return;
    flight.sending = true;
    const sent = flight;
    const answer = await ask("sheet:update", { schema: SCHEMA, id: sent.id, update: sent.update }).catch(() => null);
    sent.sending = false;
    if (!answer) return socket.connected && drop();
    if (!answer.ok && answer.code === FULL) return hold(sent, answer);
    if (!answer.ok && answer.code !== "bad_update") return refuse(answer);
    flight = null;
    if (answer.ok) seen(answer.number);
    if (sent.behind) {
      if (!answer.ok) return wait(sent, answer);
      leaveOut(sent.behind);
    } else if (!answer.ok) divide(sent);
    if (queue.length) send();
    else if (owesAll) open();
    else tell({ state: "received", at: new Date() });
  }

  // A full sheet still takes what makes room in it, which must not wait behind what it has no room for.
  function next() {
    const room = full ? easing(queue.map(({ update }) => update)) : null;
    full = false;
    const isNew = room && String(room) !== eased;
    if (isNew) eased = String(room);
    return isNew ? { update: room, eases: true } : load(queue);
  }

  function hold({ update, alone, eases }, answer) {
    flight = null;
    full = true;
    if (!eases) queue.unshift({ update, alone });
    refuse(answer);
  }

  // What the server cannot take must not hold up all the rest: it is found by halves. Before it is left out, a change that
  // changes nothing asks whether the server takes anything at all.
  function divide({ update, isHollow }) {
    const parts = halves(update);
    if (parts.length) queue.unshift(...parts.map((part) => ({ update: part, alone: true })));
    else if (!isHollow) queue.unshift({ update: NOTHING, alone: true, behind: update });
  }

  function leaveOut(update) {
    const left = hollow(update);
    if (left.words) tell({ aside: left.words });
    queue.unshift({ update: left.update, alone: true, isHollow: true });
  }

  function wait({ behind }, answer) {
    queue.unshift({ update: behind, alone: true });
    refuse({ ...answer, code: "broken" });
  }

  // What was refused for a while, or found on this device meanwhile, waits for no key and no other line.
  function again() {
    if (refused || asking) return;
    if (!opened || (owesAll && may === "write")) open();
    else if (flight || queue.length) send();
  }

  // Numbers follow one another for each sheet; one that stays away has been missed.
  function seen(next, first = next) {
    for (let each = first; each <= next; each++) ahead.add(each);
    advance();
    clearTimeout(gap);
    if (ahead.size) gap = setTimeout(open, GAP);
  }

  function reached(latest) {
    number = Math.max(number, latest);
    advance();
  }

  function advance() {
    while (ahead.delete(number + 1)) number += 1;
    for (const each of ahead) if (each <= number) ahead.delete(each);
  }

  // What was kept in one turn comes in one piece, with the numbers of all that is in it.
  function hear({ sheet: which, first, number: next, update }) {
    if (which !== sheet) return;
    take([bytes(update)], self, () => seen(next, first));
  }

  function typed(update, origin, _doc, transaction) {
    if (origin === self || !transaction.local || (may !== "write" && may !== null)) return;
    queue.push({ update });
    tell({ state: "owed" });
    if (!full || easing([update])) send();
  }

  // Who is where: at most a few times a second, the last word always sent.
  function announce() {
    pace ||= setTimeout(() => {
      pace = null;
      if (may !== "write" || !socket.connected) return;
      socket.emit("sheet:awareness", { ...message, sheet, update: encodeAwarenessUpdate(awareness, [doc.clientID]) });
    }, PACE);
  }

  function moved({ added, updated, removed }, origin) {
    const come = [...added, ...updated].filter((id) => !present.has(id));
    come.forEach((id) => present.add(id));
    removed.forEach((id) => present.delete(id));
    const own = [...added, ...updated, ...removed].includes(doc.clientID);
    if (own ? origin !== self : come.length) announce();
  }

  // Others may not have noticed that one was away, and would say nothing of themselves: one leaves, and comes anew.
  function here() {
    if (may !== "write") return;
    const left = encodeAwarenessUpdate(awareness, [doc.clientID], new Map());
    socket.emit("sheet:awareness", { ...message, sheet, update: left });
    awareness.setLocalState(awareness.getLocalState());
  }

  // A beat goes out every two seconds whatever comes in: a line may carry one way only. Where the page itself was asleep,
  // its silence says nothing of the line.
  function tick() {
    const slept = Date.now() - ticked > 2 * TICK;
    ticked = Date.now();
    if (!socket.connected) return;
    ticks += 1;
    if (slept) hears();
    if (Date.now() - heard >= SILENCE) drop();
    else if (slept || ticks % BEAT === 0) heartbeat();
    if (ticks % AGAIN === 0) again();
  }

  const hears = () => (heard = Date.now());
  const heartbeat = () => socket.volatile.emit("sheet:awareness", { ...message, sheet }, hears);

  function gone() {
    const others = [...awareness.getStates().keys()].filter((id) => id !== doc.clientID);
    removeAwarenessStates(awareness, others, self);
    // What they say again is news, though they have not moved since.
    others.forEach((id) => awareness.meta.delete(id));
    opened = false;
    wasAway = true;
    if (!wantedClosed) tell({ away: true });
  }

  const listen = () => {
    hears();
    refused = false;
    socket.io.engine.on("packet", hears);
    open();
  };
  const awake = () => (socket.connected ? heartbeat() : line.awake());

  doc.on("update", typed);
  awareness.on("update", moved);
  socket.on("connect", listen);
  socket.on("disconnect", gone);
  socket.on("sheet:update", hear);
  socket.on("sheet:awareness", (news) => news.sheet === sheet && applyAwarenessUpdate(awareness, bytes(news.update), self));
  ["online", "pageshow"].forEach((event) => addEventListener(event, awake));
  document.addEventListener("visibilitychange", () => document.hidden || awake());
  beat = setInterval(tick, TICK);
  if (socket.connected) listen();

  return {
    /** All updates up to this number are in the document. */
    number: () => number,
    /** Whether everything typed here has been received. */
    settled: () => may !== null && !owesAll && !flight && !queue.length,
    /** More was found on this device than has been offered. */
    owe() {
      owesAll = true;
      tell({ state: "owed" });
      open();
    },
    close() {
      wantedClosed = true;
      clearInterval(beat);
      doc.off("update", typed);
      awareness.setLocalState(null);
      socket.emit("sheet:awareness", { ...message, sheet, update: encodeAwarenessUpdate(awareness, [doc.clientID]) });
      socket.emit("sheet:close", { ...message, sheet });
      setTimeout(() => line.close(), 200);
    },
  };
}

const bytes = (data) => new Uint8Array(data);

/** Each part stands after its length in four bytes. */
function parts(whole) {
  const found = [];
  const view = new DataView(whole.buffer, whole.byteOffset);
  for (let at = 0; at < whole.length; ) {
    const start = at + 4;
    at = start + view.getUint32(at);
    found.push(whole.subarray(start, at));
  }
  return found;
}

function randomId() {
  const drawn = crypto.getRandomValues(new Uint8Array(16));
  return [...drawn].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
