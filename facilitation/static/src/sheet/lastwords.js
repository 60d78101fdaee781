// A page that is left aborts what it was writing to its database; its last words go where writing does not wait. Each page
// has a place of its own there, for two may have one sheet open.

import * as Y from "yjs";

/** Listens from now on; `find` brings what former pages left into the document. */
export function lastWords(doc, name) {
  const common = `${name}:last`;
  const place = `${common}:${doc.clientID}`;
  const read = new Map();
  let fresh = [];
  // Counted from the first word on: what is dropped twice over must not take with it what was typed in between.
  let gone = 0;

  doc.on("update", (update, _origin, _doc, transaction) => transaction.local && fresh.push(update));
  addEventListener("pagehide", () => {
    if (!fresh.length) return;
    const letters = Array.from(Y.mergeUpdates(fresh), (byte) => String.fromCharCode(byte)).join("");
    attempt(() => localStorage.setItem(place, btoa(letters)));
  });

  const isOther = (key) => key !== place && (key === common || key.startsWith(`${common}:`));

  // Another page may have written there again since: that has been read by nobody.
  function release() {
    for (const [key, letters] of read) {
      attempt(() => localStorage.getItem(key) === letters && localStorage.removeItem(key));
    }
  }

  const heard = () => gone + fresh.length;

  function drop(until) {
    gone += fresh.splice(0, Math.max(0, until - gone)).length;
    if (!fresh.length) attempt(() => localStorage.removeItem(place));
  }

  return {
    /** {updates, authors}: what pages left here that nobody has read yet. */
    find() {
      const updates = [];
      for (const key of (attempt(() => Object.keys(localStorage)) ?? []).filter(isOther)) {
        const letters = attempt(() => localStorage.getItem(key));
        const update = letters && letters !== read.get(key) && attempt(() => bytesOf(letters));
        if (!update) continue;
        read.set(key, letters);
        updates.push(update);
        Y.applyUpdate(doc, update);
      }
      const authors = updates.flatMap((update) => Y.decodeUpdate(update).structs.map(({ id }) => id.client));
      return { updates, authors: [...new Set(authors)] };
    },
    release,
    heard,
    drop,
    /** The whole is owed, and lies nowhere else. */
    hold: (whole) => fresh.push(whole),
    forget() {
      drop(heard());
      release();
    },
  };
}

const bytesOf = (letters) => Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));

// Storage may be forbidden or full: what is kept elsewhere stays kept.
export function attempt(use) {
  try {
    return use();
  } catch {
    return null;
  }
}
