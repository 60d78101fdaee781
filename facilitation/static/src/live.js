// The page's one connection: opens its screen, hears its news in order, notices gaps, comes back after sleep.

import { io } from "socket.io-client";
import { apply, replaceAll } from "./reducer.js";
import { read } from "./words.js";

const PATIENCE = 8000;
const AWAY_AFTER = 4000;
// What the server answers when it could not just now: asked again after a while, each page after one of its own.
const LATER = new Set(["not_kept", "too_fast", "broken"]);

/** What the server said of this page: {forum, screen, version, lang, protocol, device, now, me}, or null. */
export const page = read("live");

let socket = null;
let version = page?.version ?? 0;
let mine = page?.me ?? null;
let mineAt = -1;
let drift = 0;
let opening = null;
let missed = 0;
let awayTimer = null;
let againTimer = null;
/** When to come back after the server has hung up, in milliseconds; one that goes away says how far apart. */
let back = { after: 1000, spread: 4000 };

keepTime(page);

/** Connects; does nothing on a page that is not live, or twice. */
export function open() {
  if (!page || socket) return;
  socket = io({
    auth: { forum: page.forum, protocol: page.protocol },
    path: "/socket.io",
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 600,
    reconnectionDelayMax: 8000,
    randomizationFactor: 0.7,
    timeout: PATIENCE,
  });
  socket.on("connect", openScreen);
  socket.on("disconnect", (reason) => {
    setState("away");
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), back.after + back.spread * Math.random());
  });
  socket.on("connect_error", () => setState("away"));
  socket.on("news", hearNews);
  socket.on("leaving", (said) => (back = said));
  socket.on("me", ({ to, me }) => hearMe(to, me));
  addEventListener("pageshow", (event) => event.persisted && resync());
  addEventListener("online", resync);
  document.addEventListener("visibilitychange", () => document.hidden || resync());
  if (mine) tell("live:me", mine);
}

/** Sends an event and waits for its answer; rejects when the server is out of reach. */
export function request(event, payload, patience = PATIENCE) {
  if (!socket?.connected) return Promise.reject(new Error("away"));
  return socket.timeout(patience).emitWithAck(event, payload);
}

/** Listens to another event of the socket, such as "sheet:update". */
export function hear(event, listener) {
  open();
  socket?.on(event, listener);
}

/** Sends an event that needs no answer. */
export function say(event, payload) {
  socket?.volatile.emit(event, payload);
}

/** What is personal to this reader, as last heard. */
export const me = () => mine;

/** The change number this page shows. */
export const at = () => version;

/** The server's time in milliseconds. */
export const now = () => Date.now() + drift;

export const connected = () => Boolean(socket?.connected);

/** Dispatches a CustomEvent on the document. */
export function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Puts everything in safety, then takes the newer page; a page that just did so waits instead. */
export function reload() {
  setState("outdated");
  const last = Number(sessionStorage.getItem("facilitation:reloaded"));
  const wait = Date.now() - last < 30000 ? 30000 : 2000 * Math.random();
  setTimeout(() => {
    sessionStorage.setItem("facilitation:reloaded", Date.now());
    location.reload();
  }, wait);
}

function openScreen() {
  opening ??= request("screen:open", {
    forum: page.forum,
    screen: page.screen,
    version,
    lang: page.lang,
    protocol: page.protocol,
  })
    .then(hearScreen, () => socket.connected && socket.disconnect().connect())
    .finally(() => {
      opening = null;
      // News that came while the answer was being made may be later than the answer.
      if (missed > version) setTimeout(() => connected() && openScreen(), 500);
      missed = 0;
    });
  return opening;
}

function hearScreen(answer) {
  keepTime(answer);
  spread(answer);
  if (!answer.ok) {
    // Who was let out reads on the page itself why.
    if (answer.code === "outdated" || answer.code === "not_allowed") reload();
    else if (LATER.has(answer.code)) openAgain();
    else setState("refused", answer.text);
    return;
  }
  // An older screen than this page's is a restored server, or an answer overtaken by news: take it, then ask once more.
  if (answer.version < version) [missed, mineAt] = [version, -1];
  const from = version;
  version = answer.version;
  if (answer.items) {
    tell("live:news", { from, to: version, whole: true, ...replaceAll(answer.items) });
  }
  if (answer.me) hearMe(answer.at, answer.me);
  tell("live:opened", answer);
  setState("live");
}

function openAgain() {
  setState("away");
  clearTimeout(againTimer);
  againTimer = setTimeout(() => connected() && openScreen(), 1000 + 2000 * Math.random());
}

function hearNews(news) {
  keepTime(news);
  spread(news);
  if (news.screen !== page.screen || news.to <= version) return;
  if (news.from > version) {
    missed = Math.max(missed, news.to);
    openScreen();
    return;
  }
  version = news.to;
  const [put, drop] = [apply(news), news.drop ?? []];
  // Counts that change are nobody's business but the reader's.
  if (news.put?.length || drop.length) tell("live:news", { from: news.from, to: news.to, put, drop });
}

function hearMe(to, value) {
  if (to < mineAt) return;
  mineAt = to;
  mine = value;
  tell("live:me", mine);
}

// A phone that slept may hold a connection that only looks alive: ask, and start afresh if nothing comes. One that waits for
// its next try does not wait for it; `connect` alone would leave it waiting.
function resync() {
  if (!socket.connected) socket.disconnect().connect();
  else openScreen();
}

// Where a server starts again, its whole hall comes back: each at a moment of its own within the seconds the server asked for.
function spread({ back }) {
  if (!back) return;
  socket.io.reconnectionDelay(back * 500);
  socket.io.randomizationFactor(1);
}

function keepTime(answer) {
  if (answer?.now) drift = new Date(answer.now) - Date.now();
}

function setState(state, text = "") {
  clearTimeout(awayTimer);
  document.documentElement.dataset.live = state;
  const show = (away) => document.querySelectorAll("[data-when-away]").forEach((notice) => (notice.hidden = !away));
  if (state === "away") awayTimer = setTimeout(show, AWAY_AFTER, true);
  else show(false);
  tell("live:state", { state, text });
}
