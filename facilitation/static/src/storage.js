// What this device keeps for this forum; where the browser keeps nothing, the page's memory stands in.

import { page } from "./live.js";

const PREFIX = `facilitation:${page?.forum ?? location.pathname}:`;
const memory = new Map();

export function keep(key, value) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(PREFIX + key, text);
    memory.delete(key);
  } catch {
    memory.set(key, text);
  }
}

export function kept(key) {
  const text = memory.get(key) ?? stored((store) => store.getItem(PREFIX + key));
  return text ? JSON.parse(text) : null;
}

export function forget(key) {
  memory.delete(key);
  stored((store) => store.removeItem(PREFIX + key));
}

/** The keys that start so, in order. */
export function keys(start) {
  const all = stored((store) => Object.keys(store)) ?? [];
  const own = all.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  return [...new Set([...own, ...memory.keys()])].filter((key) => key.startsWith(start)).sort();
}

function stored(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}
