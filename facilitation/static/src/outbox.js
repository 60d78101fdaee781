// Commands on their way: each keeps its operation id, and what must not be lost stays on this device until answered.

import { connected, page, reload, request, tell } from "./live.js";
import { forget, keep, keys, kept } from "./storage.js";
import { t } from "./words.js";

const START = "out:";
const PROTOCOL = page?.protocol ?? 1;
const LATER = new Set(["not_kept", "too_fast", "outdated"]);
const callers = new Map();
const passing = new Map();
let running = false;
let pause = 0;
let serial = 0;
let wake = () => {};

/**
 * Sends a command and resolves with its answer {ok, …}; never rejects.
 * Kept commands wait for the network as long as it takes; with keep: false one try is made now.
 * A command that sets a cookie goes by {door: "http"}.
 */
export function send(name, payload = {}, { keep: hold = true, door = "", draft = "" } = {}) {
  const entry = { op: newOp(), name, payload, door, draft };
  // The time orders commands across reloads, the serial within one millisecond.
  const key = `${START}${Date.now()}-${String(serial++).padStart(4, "0")}-${entry.op}`;
  if (hold) keep(key, entry);
  else passing.set(key, entry);
  return new Promise((resolve) => {
    callers.set(entry.op, resolve);
    if (hold) tell("outbox:kept", entry);
    run();
  });
}

/** Commands kept and not yet answered, in order: [{op, name, payload}]. */
export function pending(name) {
  const entries = keys(START).map(kept).filter(Boolean);
  return name ? entries.filter((entry) => entry.name === name) : entries;
}

/** Sends what was kept before; called once by the page. */
export function openOutbox() {
  document.addEventListener("live:state", ({ detail }) => {
    if (detail.state !== "live") return;
    pause = 0;
    wake();
    run();
  });
  addEventListener("online", () => wake());
  run();
}

/** 16 random bytes in hexadecimal; works without a secure context. */
export function newOp() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// One at a time: a later command must not overtake one that has to be sent again.
async function run() {
  if (running) return;
  running = true;
  for (let key = next(); key; key = next()) {
    const entry = passing.get(key) ?? kept(key);
    if (!entry) continue;
    const answer = await attempt(entry);
    if (answer && !LATER.has(answer.code)) settle(key, entry, answer);
    else if (passing.has(key)) settle(key, entry, answer ?? away());
    else if (answer?.code !== "outdated") await rest();
    if (answer?.code !== "outdated") continue;
    reload();
    break;
  }
  running = false;
}

function next() {
  return [...keys(START), ...passing.keys()].sort()[0];
}

async function attempt(entry) {
  const { op, name, payload } = entry;
  if (connected() && entry.door !== "http") {
    const answer = await request("command", { forum: page.forum, name, op, payload, protocol: PROTOCOL }).catch(() => null);
    if (answer) return answer;
  }
  return post(entry);
}

async function post({ op, name, payload }) {
  const headers = { "Content-Type": "application/json", "X-Facilitation": String(PROTOCOL) };
  const body = JSON.stringify({ op, payload, protocol: PROTOCOL });
  const address = `/f/${page?.forum}/c/${name}`;
  const response = await fetch(address, { method: "POST", headers, body, credentials: "same-origin" }).catch(() => null);
  const answer = await response?.json().catch(() => null);
  return typeof answer?.ok === "boolean" ? answer : null;
}

function settle(key, entry, answer) {
  passing.delete(key);
  forget(key);
  pause = 0;
  if (answer.ok) tell("outbox:received", { ...entry, ...answer });
  else tell("outbox:refused", { ...entry, ...answer, waited: callers.has(entry.op) });
  callers.get(entry.op)?.(answer);
  callers.delete(entry.op);
}

function away() {
  const text = t("Le réseau ne répond pas. Rien n’a été changé ; réessayez dans un instant.");
  return { ok: false, code: "away", text, fields: {} };
}

function rest() {
  pause = Math.min(15000, (pause || 500) * 2);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pause * (0.5 + Math.random()));
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
