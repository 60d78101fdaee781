// The copy of a sheet that this device keeps, so that a reload or a dead battery loses nothing.

import * as Y from "yjs";
import { clearDocument, IndexeddbPersistence } from "y-indexeddb";

const PATIENCE = 4000;
const UNSENT = "unsent:";
const OWN = "own:";
const NUMBER = "number";

/** Loads the copy into the document. A browser that keeps nothing gives a copy whose `keep` is never true. */
export async function openCopy(doc, sheet) {
  const name = `facilitation:sheet:${sheet}`;
  const store = await opened(name, doc);
  const last = lastWords(doc, name);
  const none = { unsent: last.unsent, number: 0, own: new Set([doc.clientID, ...last.own]) };
  if (!store) return { ...none, keep: async () => false, settle: last.forget, erase: async () => last.forget() };
  const known = await marks(store);
  // Its letters may lie here only as last words, under a number whose mark was never written.
  const own = new Set([doc.clientID, ...known.own, ...last.own]);
  // Words that stand on something not yet here are in no document, and so in no update the store writes by itself.
  if (last.found) await written(store, (_custom, updates) => updates.add(last.found));
  const unsent = UNSENT + doc.clientID;
  return {
    own,
    /** All updates up to this number were in the copy. */
    number: known.number,
    /** Whether a former page left changes here that it was not told the server has. */
    unsent: last.unsent || known.unsent.length > 0,
    /** Resolves to true once all that was typed so far, and all updates up to this number, are on this device's disk. */
    async keep(number) {
      const heard = last.heard();
      const kept = await written(store, (custom) => {
        custom.put(1, unsent);
        custom.put(1, OWN + doc.clientID);
        custom.put(number, NUMBER);
      });
      if (kept) last.drop(heard);
      return kept;
    },
    /** Everything has been received, and everything up to this number is here: nothing is owed any more. */
    settle(number) {
      last.forget();
      return written(store, (custom) => {
        [...known.unsent, unsent].forEach((mark) => custom.delete(mark));
        custom.put(number, NUMBER);
      });
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
  // Counted from the first word on: what is dropped twice over must not take with it what was typed in between.
  let gone = 0;
  const heard = () => gone + fresh.length;
  const drop = (until) => {
    gone += fresh.splice(0, Math.max(0, until - gone)).length;
    attempt(() => localStorage.removeItem(place));
  };
  const own = found ? authorsOf(fresh[0]) : [];
  return { found: found && fresh[0], own, unsent: Boolean(found), heard, drop, forget: () => drop(heard()) };
}

const authorsOf = (update) => Y.decodeUpdate(update).structs.map(({ id }) => id.client);

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

/** What former pages left: {unsent: [mark], own: [client number], number}. */
function marks(store) {
  return new Promise((resolve) => {
    const custom = store.db.transaction("custom").objectStore("custom");
    const [keys, number] = [custom.getAllKeys(), custom.get(NUMBER)];
    custom.transaction.oncomplete = () => {
      const all = keys.result.map(String);
      const own = all.filter((key) => key.startsWith(OWN)).map((key) => Number(key.slice(OWN.length)));
      resolve({ unsent: all.filter((key) => key.startsWith(UNSENT)), own, number: number.result ?? 0 });
    };
    custom.transaction.onabort = () => resolve({ unsent: [UNSENT], own: [], number: 0 });
  });
}

// Also names the store of updates: this transaction then begins only when the updates written before it are kept.
function written(store, change) {
  return new Promise((resolve) => {
    try {
      const turn = store.db.transaction(["updates", "custom"], "readwrite", { durability: "strict" });
      turn.oncomplete = () => resolve(true);
      turn.onabort = turn.onerror = () => resolve(false);
      change(turn.objectStore("custom"), turn.objectStore("updates"));
    } catch {
      resolve(false);
    }
  });
}
