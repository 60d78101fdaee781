// The one thing that changes a page's shared items: whole items are put, ids dropped, parts set, nothing typed is lost.

import { graft, hold, pressing, refocus, typing, whenFree } from "./typing.js";
import { read } from "./words.js";

const op = read("live")?.op;
const written = new WeakMap();
/** What the place of an item becomes in the slot of this name, on this device. */
export const places = {};
const waiting = new Map();

/** Applies {put, drop, set} and returns the elements now on the page that were put. */
export function apply({ put = [], drop = [], set = {} }) {
  drop.forEach(remove);
  const elements = put.map(place).filter(Boolean);
  for (const [id, parts] of Object.entries(set)) fill(id, parts);
  showEmpties();
  return elements;
}

/** Makes the page hold exactly these items; returns what was put and dropped. */
export function replaceAll(items) {
  const kept = new Set(items.map((item) => item.id));
  const present = [...document.querySelectorAll("[data-slot] > [data-at]")];
  const drop = present.map((element) => element.id).filter((id) => !kept.has(id));
  return { put: apply({ put: items, drop }), drop };
}

function place(item) {
  const slot = document.querySelector(`[data-slot="${CSS.escape(item.slot)}"]`);
  const old = document.getElementById(item.id);
  if (!slot) return remove(item.id);
  if (!old) {
    waiting.delete(item.id);
    return seat(slot, build(item));
  }
  // A button that is replaced under the finger never gets its click.
  if (pressing(old)) return later(item.id, item);
  const busy = typing(old);
  if (written.get(old) === item.html && !waiting.has(item.id)) {
    if (!busy) seat(slot, old, item.at);
    else later(item.id, item);
    return null;
  }
  const fresh = build(item);
  if (!busy) {
    waiting.delete(item.id);
    hold(old, fresh);
    const focus = refocus(old, fresh);
    old.replaceWith(fresh);
    seat(slot, fresh);
    focus();
    return fresh;
  }
  // The field being typed in stays the same node: replacing it would break dead keys and dictation.
  if (graft(old, fresh, busy)) written.set(old, item.html);
  if (written.get(old) !== item.html || !seated(slot, old, item.at)) later(item.id, item);
  else waiting.delete(item.id);
  return old;
}

// Only what is marked as a part changes: nothing under the hand is replaced, so nothing has to wait.
function fill(id, parts) {
  const old = document.getElementById(id);
  if (old) {
    write(old, parts);
    written.delete(old);
  }
  // What waits for the hand to leave becomes what it would have been.
  const item = waiting.get(id);
  if (!item) return;
  const fresh = build(item);
  write(fresh, parts);
  waiting.set(id, { ...item, html: fresh.outerHTML });
}

function write(element, parts) {
  for (const [name, html] of Object.entries(parts)) {
    for (const part of element.querySelectorAll(`[data-part="${CSS.escape(name)}"]`)) part.innerHTML = html;
  }
}

function remove(id) {
  const old = document.getElementById(id);
  if (!old) return null;
  if (typing(old) || pressing(old)) return later(id, null);
  waiting.delete(id);
  const next = old.contains(document.activeElement) && (old.nextElementSibling ?? old.parentElement);
  old.remove();
  if (next) {
    if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
    next.focus({ preventScroll: true });
  }
  return null;
}

function later(id, item) {
  waiting.set(id, item);
  return null;
}

function build({ id, at, html }) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const element = template.content.firstElementChild;
  element.id = id;
  element.dataset.at = at;
  written.set(element, html);
  // Everybody gets the same HTML; the hidden token makes its forms this device's own, should scripts stop.
  if (op) element.querySelectorAll("[name=op]").forEach((field) => (field.value = op));
  return element;
}

function seat(slot, element, at = element.dataset.at) {
  element.dataset.at = at;
  if (!seated(slot, element, at)) slot.insertBefore(element, nextOf(slot, element, at));
  return element;
}

function seated(slot, element, at) {
  return element.parentElement === slot && nextOf(slot, element, at) === nextAt(element);
}

function nextOf(slot, element, at) {
  const others = [...slot.children].filter((child) => child !== element && child.dataset.at !== undefined);
  return others.find((child) => compare(child, { id: element.id, at }) > 0) ?? null;
}

function nextAt(element) {
  let next = element.nextElementSibling;
  while (next && next.dataset.at === undefined) next = next.nextElementSibling;
  return next;
}

// Equal places are told apart by id, so that every phone shows the same order.
function compare(child, { id, at }) {
  const own = places[child.parentElement.dataset.slot] ?? String;
  const [a, b] = [own(child.dataset.at), own(at)];
  const numbers = a !== "" && b !== "" && !isNaN(a) && !isNaN(b);
  const order = numbers ? a - b : a < b ? -1 : a > b ? 1 : 0;
  return order || (child.id < id ? -1 : child.id > id ? 1 : 0);
}

function showEmpties() {
  for (const invitation of document.querySelectorAll("[data-when-empty]")) {
    const slot = document.querySelector(`[data-slot="${CSS.escape(invitation.dataset.whenEmpty)}"]`);
    invitation.hidden = Boolean(slot?.querySelector(":scope > [data-at]"));
  }
}

whenFree(() => {
  if (!waiting.size) return;
  const late = [...waiting];
  waiting.clear();
  const put = late.map(([, item]) => item).filter(Boolean);
  const elements = apply({ put, drop: late.filter(([, item]) => !item).map(([id]) => id) });
  document.dispatchEvent(new CustomEvent("live:news", { detail: { put: elements, drop: [] } }));
});
