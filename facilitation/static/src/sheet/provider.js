// Carries a sheet's updates to the server and back; says an update is received only when the server has said so.

import * as Y from "yjs";
import { applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness";

const SCHEMA = 1;
const TICK = 1000;
const BEAT = 2000;
const SILENCE = 5000;
const GAP = 400;
const PACE = 100;

/** `tell` hears {state: "received" | "owed", at}, {may}, {refused: sentence}, {away}, each when it happens. */
export function openProvider({ doc, awareness, socket, message, sheet, unsent, tell }) {
  let number = 0;
  const ahead = new Set();
  let queue = [];
  let flight = null;
  let may = null;
  let owesAll = unsent;
  let gap = null;
  let unanswered = 0;
  let beat = null;
  let pace = null;
  let wantedClosed = false;
  const self = Symbol("provider");

  const ask = (event, payload) => socket.timeout(SILENCE).emitWithAck(event, { ...message, sheet, ...payload });

  async function open() {
    const answer = await ask("sheet:open", { schema: SCHEMA, vector: Y.encodeStateVector(doc) }).catch(() => null);
    if (!answer) return socket.connected && drop();
    if (!answer.ok) return tell({ refused: answer.text, code: answer.code });
    number = answer.number;
    advance();
    may = answer.may;
    Y.applyUpdate(doc, bytes(answer.update), self);
    offerWhatIsLacking(bytes(answer.vector));
    tell({ may, away: false, ...answer });
    announce();
    send();
  }

  function offerWhatIsLacking(vector) {
    if (may !== "write" || flight || (queue.length && !owesAll)) return;
    const rest = Y.encodeStateAsUpdate(doc, vector);
    // A vector does not show deletions, so what a former page may have left unsent is offered whole.
    if (owesAll || Y.decodeUpdate(rest).structs.length) queue = [rest];
    owesAll = false;
    tell({ state: queue.length ? "owed" : "received", at: null });
  }

  async function send() {
    if (may !== "write" || !socket.connected) return;
    if (!flight && queue.length) {
      flight = { id: randomId(), update: Y.mergeUpdates(queue), sending: false };
      queue = [];
    }
    if (!flight || flight.sending) return;
    flight.sending = true;
    const sent = flight;
    const answer = await ask("sheet:update", { schema: SCHEMA, id: sent.id, update: sent.update }).catch(() => null);
    sent.sending = false;
    if (!answer) return socket.connected && drop();
    if (!answer.ok) return tell({ refused: answer.text, code: answer.code });
    flight = null;
    seen(answer.number);
    if (queue.length) send();
    else tell({ state: "received", at: new Date() });
  }

  // Numbers follow one another for each sheet; one that stays away has been missed.
  function seen(next) {
    ahead.add(next);
    advance();
    clearTimeout(gap);
    if (ahead.size) gap = setTimeout(open, GAP);
  }

  function advance() {
    while (ahead.delete(number + 1)) number += 1;
    for (const each of ahead) if (each <= number) ahead.delete(each);
  }

  function hear({ sheet: which, number: next, update }) {
    if (which !== sheet) return;
    Y.applyUpdate(doc, bytes(update), self);
    seen(next);
  }

  function typed(update, origin, _doc, transaction) {
    if (origin === self || !transaction.local || (may !== "write" && may !== null)) return;
    queue.push(update);
    tell({ state: "owed" });
    send();
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
    const own = [...added, ...updated, ...removed].includes(doc.clientID);
    if (own ? origin !== self : added.length) announce();
  }

  function tick() {
    if (!socket.connected) return;
    unanswered += TICK;
    if (unanswered > SILENCE) drop();
    else if (unanswered % BEAT === 0) heartbeat();
  }

  const heartbeat = () => socket.volatile.emit("sheet:awareness", { ...message, sheet }, () => (unanswered = 0));

  // A dead network leaves a socket that only looks alive.
  function drop() {
    unanswered = 0;
    socket.io.engine?.close();
  }

  function gone(reason) {
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), TICK);
    const others = [...awareness.getStates().keys()].filter((id) => id !== doc.clientID);
    removeAwarenessStates(awareness, others, self);
    if (!wantedClosed) tell({ away: true });
  }

  const listen = () => {
    unanswered = 0;
    socket.io.engine.on("packet", () => (unanswered = 0));
    open();
  };
  const awake = () => (socket.connected ? heartbeat() : socket.connect());

  doc.on("update", typed);
  awareness.on("update", moved);
  socket.on("connect", listen);
  socket.on("disconnect", gone);
  socket.on("sheet:update", hear);
  socket.on("sheet:awareness", (heard) => heard.sheet === sheet && applyAwarenessUpdate(awareness, bytes(heard.update), self));
  ["online", "pageshow"].forEach((event) => addEventListener(event, awake));
  document.addEventListener("visibilitychange", () => document.hidden || awake());
  beat = setInterval(tick, TICK);
  if (socket.connected) listen();

  return {
    /** Whether everything typed here has been received. */
    settled: () => may !== null && !owesAll && !flight && !queue.length,
    close() {
      wantedClosed = true;
      clearInterval(beat);
      doc.off("update", typed);
      awareness.setLocalState(null);
      socket.emit("sheet:awareness", { ...message, sheet, update: encodeAwarenessUpdate(awareness, [doc.clientID]) });
      socket.emit("sheet:close", { ...message, sheet });
      socket.io.opts.reconnection = false;
      setTimeout(() => socket.disconnect(), 200);
    },
  };
}

const bytes = (data) => new Uint8Array(data);

function randomId() {
  const drawn = crypto.getRandomValues(new Uint8Array(16));
  return [...drawn].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
