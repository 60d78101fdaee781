// The browser's own database of one sheet: every change as it comes, and what has not been received yet.

import * as Y from "yjs";
import { clearDocument, fetchUpdates, IndexeddbPersistence, PREFERRED_TRIM_SIZE, storeState } from "y-indexeddb";

const UNSENT = "unsent:";
const OWN = "own:";
const NUMBER = "number";
const STORES = ["updates", "custom"];
const TRIM = 1000;

export class Disk {
  /** `lost()` is called once when the database is taken away: finished in another tab, or cleared. */
  constructor(doc, name, lost) {
    Object.assign(this, { doc, name, lost, isLost: false, lacks: false, typed: 0 });
    this.mark = UNSENT + doc.clientID;
    this.store = { db: null };
    this.opened = Promise.resolve(false);
    /** Resolves to true once what the device kept is in the document, to false where there is no database. */
    this.ready = this.opened;
    if (globalThis.indexedDB) this.#open();
  }

  #open() {
    const { doc, name } = this;
    this.store = new IndexeddbPersistence(name, doc);
    // The library's own writing throws where the database is closed, and what throws there stops the whole document: no
    // change is heard, sent or shown any more.
    doc.off("update", this.store._storeUpdate);
    doc.on("update", this.#hold);
    this.opened = this.store._db.then((db) => this.#watch(db), () => false);
    this.ready = this.opened.then((is) => is && this.store.whenSynced.then(() => true));
  }

  /** What pages of this device have left: {unsent: Map of marks, own: [client number], number}. */
  marks() {
    return new Promise((resolve) => {
      const nothing = { unsent: new Map(), own: [], number: 0 };
      const custom = this.#turn("readonly")?.objectStore("custom");
      if (!custom) return resolve(nothing);
      const [keys, values] = [custom.getAllKeys(), custom.getAll()];
      custom.transaction.oncomplete = () => {
        const all = keys.result.map((key, at) => [String(key), values.result[at]]);
        const own = all.filter(([key]) => key.startsWith(OWN)).map(([key]) => Number(key.slice(OWN.length)));
        const unsent = new Map(all.filter(([key]) => key.startsWith(UNSENT)));
        resolve({ unsent, own, number: new Map(all).get(NUMBER) ?? 0 });
      };
      custom.transaction.onabort = () => resolve({ ...nothing, unsent: new Map([[UNSENT, 0]]) });
    });
  }

  /** Brings into the document what other pages have written here meanwhile. */
  async fetch() {
    if (!this.isLost && this.store.synced) await fetchUpdates(this.store);
  }

  /** Resolves to true once all that was typed so far, these updates and this number are on the disk, marked as unsent. */
  keep(number, { updates = [], authors = [] } = {}) {
    const lacked = this.lacks;
    return this.#written((kept, custom) => {
      if (lacked) kept.add(Y.encodeStateAsUpdate(this.doc));
      updates.forEach((update) => kept.add(update));
      authors.forEach((author) => custom.put(1, OWN + author));
      this.#sign(custom);
      if (number !== undefined) custom.put(number, NUMBER);
    }).then((is) => {
      if (is && lacked) this.lacks = false;
      return is;
    });
  }

  /** Nothing is owed any more: these marks go, unless their page has typed more since they were read. */
  settle(number, marks) {
    return this.#written((_kept, custom) => {
      for (const [mark, value] of marks) {
        const asked = custom.get(mark);
        asked.onsuccess = () => asked.result === value && custom.delete(mark);
      }
      custom.delete(this.mark);
      custom.put(number, NUMBER);
    });
  }

  async erase() {
    this.doc.off("update", this.#hold);
    clearTimeout(this.trim);
    if (!(await this.opened)) return;
    this.isLost = true;
    await this.store.destroy();
    await clearDocument(this.name);
  }

  // One's own change and the mark that it is owed lie down together: a lone deletion shows in no vector.
  #hold = (update, origin, _doc, transaction) => {
    if (origin === this.store || !this.store.db) return;
    const turn = this.#turn("readwrite");
    if (!turn) return;
    turn.objectStore("updates").add(update);
    if (transaction.local) this.#sign(turn.objectStore("custom"));
    // A full disk: what is missing goes along with the next that is kept.
    turn.onabort = () => (this.lacks = true);
    if (++this.store._dbsize < PREFERRED_TRIM_SIZE) return;
    clearTimeout(this.trim);
    this.trim = setTimeout(() => this.#shorten(), TRIM);
  };

  #sign(custom) {
    custom.put((this.typed += 1), this.mark);
    custom.put(1, OWN + this.doc.clientID);
  }

  async #shorten() {
    if (this.isLost) return;
    try {
      await storeState(this.store, false);
    } catch {
      // It is as complete as before, only longer.
    }
  }

  #watch(db) {
    db.onversionchange = () => {
      db.close();
      this.#lose();
    };
    db.onclose = () => this.#lose();
    return true;
  }

  #lose() {
    if (this.isLost) return;
    this.isLost = true;
    this.lost();
  }

  /** A transaction on both stores, so that it begins when those before it are done; null where the database is gone. */
  #turn(mode, options) {
    if (this.isLost || !this.store.db) return null;
    try {
      return this.store.db.transaction(STORES, mode, options);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.#lose();
      return null;
    }
  }

  #written(change) {
    return new Promise((resolve) => {
      const turn = this.#turn("readwrite", { durability: "strict" });
      if (!turn) return resolve(false);
      turn.oncomplete = () => resolve(true);
      turn.onabort = turn.onerror = () => resolve(false);
      change(turn.objectStore("updates"), turn.objectStore("custom"));
    });
  }
}
