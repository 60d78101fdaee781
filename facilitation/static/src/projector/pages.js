// Lists are laid out in pages by what really fits, and the pages turn by themselves.

import { t } from "../words.js";
import { countOut } from "./counting.js";
import { fit } from "./fit.js";

const LINE = 72 / 1080;
const PER_LINE = 2300;
const SHORTEST = 9000;
const LONGEST = 26000;
const MOST_DOTS = 16;
const CLOSER = ["snug", "snugger"];
const COMES_FIRST = new Set(["topics", "circle"]);

const main = document.getElementById("main");
const list = document.getElementById("pages");
const foot = document.getElementById("turning");
let pages = [];
let here = 0;
let paused = false;
let turning = null;
let known = new Set();
let lead = null;

export function openPages() {
  document.addEventListener("live:news", ({ detail }) => arrange(detail));
  document.addEventListener("projector:scene", () => begin());
  new ResizeObserver(() => arrange()).observe(list);
  document.fonts?.addEventListener("loadingdone", () => arrange());
  known = new Set(items().map(({ id }) => id));
  arrange();
}

/** Stops or starts the turning; answers whether it is stopped. */
export function pause() {
  paused = !paused;
  wait();
  return paused;
}

/** Turns by hand. During talks the hand then keeps the lead. */
export function turn(by) {
  if (pages.length > 1) show((here + by + pages.length) % pages.length);
  if (main.dataset.scene === "restitution" && !lead) paused = true;
  wait();
  return paused;
}

function begin() {
  here = 0;
  paused = false;
  known = new Set(items().map(({ id }) => id));
  arrange();
}

function items() {
  return [...list.children].filter((item) => item.dataset.at !== undefined);
}

function arrange(news = null) {
  const anchor = pages[here]?.rows[0]?.id;
  const rows = items();
  const came = news && !news.whole ? rows.filter(({ id }) => !known.has(id)) : [];
  known = new Set(rows.map(({ id }) => id));
  pages = laidOut(rows);
  const found = pages.findIndex(({ rows }) => rows.some(({ id }) => id === anchor));
  const first = came.length && COMES_FIRST.has(main.dataset.scene);
  came.forEach((row) => row.classList.add("fresh"));
  if (called(rows)) show(pages.findIndex((page) => page.rows.some(leads)));
  else show(first || found < 0 ? 0 : found, { same: !first && found === here });
}

const leads = (row) => "lead" in row.dataset;

// Whoever is given the floor is shown; the arrows may still turn elsewhere until somebody else is.
function called(rows) {
  const before = lead;
  lead = rows.find(leads)?.id ?? null;
  return lead !== null && lead !== before;
}

function laidOut(rows) {
  rows.forEach((row) => row.classList.remove("off", "tight", "newest", "first", ...CLOSER));
  if (main.dataset.scene === "topics") rows[0]?.classList.add("newest");
  rows.filter((row) => "fit" in row.dataset).forEach(fit);
  const kept = rows.filter((row) => row.dataset.group === "kept");
  for (const closer of kept.length > 1 ? CLOSER : []) if (height(kept) > room()) kept.forEach((row) => row.classList.add(closer));
  return groupsOf(rows).flatMap(paged);
}

function groupsOf(rows) {
  const groups = [];
  for (const row of rows) {
    const last = groups[groups.length - 1];
    if (last?.name === (row.dataset.group ?? "")) last.rows.push(row);
    else groups.push({ name: row.dataset.group ?? "", rows: [row] });
  }
  return groups;
}

function paged({ name, rows }) {
  const heading = rows.filter((row) => "heading" in row.dataset);
  const made = [];
  let page = [];
  for (const row of rows.filter((each) => !heading.includes(each))) {
    if (row.offsetHeight > room()) row.classList.add("tight");
    if (page.length && height([...heading, ...page, row]) > room()) {
      made.push(page);
      page = [];
    }
    page.push(row);
  }
  return [...made, page].map((each) => ({ name, rows: [...heading, ...each] }));
}

function room() {
  const { paddingTop, paddingBottom } = getComputedStyle(list);
  return list.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom) + 1;
}

function height(rows) {
  const gap = parseFloat(getComputedStyle(list).rowGap) || 0;
  return rows.reduce((sum, row) => sum + row.offsetHeight, 0) + gap * (rows.length - 1);
}

function show(number, { same = false } = {}) {
  here = Math.min(number, Math.max(0, pages.length - 1));
  const page = pages[here] ?? { name: "", rows: [] };
  const on = new Set(page.rows);
  items().forEach((row) => row.classList.toggle("off", !on.has(row)));
  page.rows[0]?.classList.add("first");
  main.dataset.group = page.name;
  if (!same) {
    list.classList.remove("turned");
    void list.offsetWidth;
    list.classList.add("turned");
  }
  const results = page.rows.filter((row) => row.classList.contains("result"));
  if (results.length) countOut(results);
  if (!same || !turning) wait();
  else tellPage();
}

function wait() {
  clearTimeout(turning);
  turning = null;
  tellPage();
  if (paused || lead || pages.length < 2) return;
  turning = setTimeout(() => show((here + 1) % pages.length), pace(pages[here].rows));
}

function pace(rows) {
  const own = Number(rows[0]?.dataset.seconds);
  if (own) return own * 1000;
  const lines = height(rows) / (LINE * innerHeight);
  return Math.min(LONGEST, Math.max(SHORTEST, PER_LINE * lines));
}

function tellPage() {
  const many = pages.length > MOST_DOTS;
  const dots = pages.length < 2 || many ? [] : pages.map((_, number) => mark(number === here));
  const words = [paused && !lead && t("en pause"), many && t("{page} sur {count}", { page: here + 1, count: pages.length })];
  foot.replaceChildren(words.filter(Boolean).join(", "), ...dots);
}

function mark(on) {
  const dot = document.createElement("i");
  if (on) dot.className = "here";
  return dot;
}
