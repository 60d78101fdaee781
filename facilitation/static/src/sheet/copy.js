// The copy of a sheet that this device keeps, so that a reload or a dead battery loses nothing.

import * as Y from "yjs";
import { clearDocument, IndexeddbPersistence } from "y-indexeddb";

const PATIENCE = 4000;
const UNSENT = "unsent:";

/** Loads the copy into the document. A browser that keeps nothing gives a copy whose `keep` is never true. */
export async function openCopy(doc, sheet) {
  const name = `facilitation:sheet:${sheet}`;
  const store = await opened(name, doc);
  const last = lastWords(doc, name);
  const { unsent } = last;
  if (!store) return { unsent, keep: async () => false, settle: last.forget, erase: async () => last.forget() };
  const marks = await unsentMarks(store);
  const own = UNSENT + doc.clientID;
  return {
    /** Whether a former page left changes here that it was not told the server has. */
    unsent: unsent || marks.length > 0,
    /** Resolves to true once all that was typed so far is on this device's disk. */
    async keep() {
      const heard = last.heard();
      const kept = await written(store, (custom) => custom.put(1, own));
      if (kept) last.drop(heard);
      return kept;
    },
    /** Everything has been received: nothing is owed any more. */
    settle() {
      last.forget();
      return written(store, (custom) => [...marks, own].forEach((mark) => custom.delete(mark)));
    },
    async erase() {
      last.forget();
      await store.destroy();
      await clearDocument(name);
    },
  };
}

// A page that is left aborts what it was writing; its last words go where writing does not wait.
function lastWords(doc, name) {
  const place = `${name}:last`;
  const fresh = [];
  const found = attempt(() => localStorage.getItem(place));
  if (found) {
    fresh.push(Uint8Array.from(atob(found), (letter) => letter.charCodeAt(0)));
    Y.applyUpdate(doc, fresh[0]);
  }
  doc.on("update", (update, _origin, _doc, transaction) => transaction.local && fresh.push(update));
  addEventListener("pagehide", () => {
    if (!fresh.length) return;
    const letters = Array.from(Y.mergeUpdates(fresh), (byte) => String.fromCharCode(byte)).join("");
    attempt(() => localStorage.setItem(place, btoa(letters)));
  });
  const drop = (count) => {
    fresh.splice(0, count);
    attempt(() => localStorage.removeItem(place));
  };
  return { unsent: Boolean(found), heard: () => fresh.length, drop, forget: () => drop(fresh.length) };
}

// Storage may be forbidden or full: what is kept elsewhere stays kept.
function attempt(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

async function opened(name, doc) {
  if (!globalThis.indexedDB) return null;
  try {
    const store = new IndexeddbPersistence(name, doc);
    const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("late")));
    await Promise.race([store._db, late]);
    await Promise.race([store.whenSynced, late]);
    return store;
  } catch {
    return null;
  }
}

function unsentMarks(store) {
  return new Promise((resolve) => {
    const asked = store.db.transaction("custom").objectStore("custom").getAllKeys();
    asked.onsuccess = () => resolve(asked.result.filter((key) => String(key).startsWith(UNSENT)));
    asked.onerror = () => resolve([UNSENT]);
  });
}

// Also names the store of updates: this transaction then begins only when the updates written before it are kept.
function written(store, change) {
  return new Promise((resolve) => {
    try {
      const turn = store.db.transaction(["updates", "custom"], "readwrite", { durability: "strict" });
      turn.oncomplete = () => resolve(true);
      turn.onabort = turn.onerror = () => resolve(false);
      change(turn.objectStore("custom"));
    } catch {
      resolve(false);
    }
  });
}
