// The copy of a sheet that this device keeps, so that a reload or a dead battery loses nothing.

import * as Y from "yjs";
import { Disk } from "./disk.js";
import { attempt, lastWords } from "./lastwords.js";

const PATIENCE = 4000;

/**
 * Loads the copy into the document. A browser that keeps nothing gives a copy whose `keep` is never true. `lost()` hears
 * that the copy is gone while something is owed, `late()` that a slow disk has brought something to send after all.
 */
export async function openCopy(doc, sheet, { lost, late }) {
  const name = `facilitation:sheet:${sheet}`;
  const aside = `${name}:aside`;
  // The first to hear of each change: whatever fails after it, a page that is left leaves its last words.
  const last = lastWords(doc, name);
  const own = new Set([doc.clientID]);
  const marks = new Map();
  let left = attempt(() => localStorage.getItem(aside)) ?? "";
  let owes = false;
  let number = 0;
  const disk = new Disk(doc, name, () => {
    if (!owes) return;
    last.hold(Y.encodeStateAsUpdate(doc));
    lost();
  });

  // What other pages left here; whether they were not told that the server has it.
  async function bringIn() {
    // Its letters may lie here only as last words, under a number whose mark was never written.
    const words = last.find();
    const known = await disk.marks();
    known.unsent.delete(disk.mark);
    known.unsent.forEach((value, mark) => marks.set(mark, value));
    [...known.own, ...words.authors].forEach((author) => own.add(author));
    number = known.number;
    // Words that stand on something not yet here are in no document, and so in no update the disk is given by itself.
    if (words.updates.length && (await disk.keep(undefined, words))) last.release();
    return words.updates.length > 0 || known.unsent.size > 0;
  }

  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, "late"));
  let ready = await Promise.race([disk.ready, patience]);
  if (ready === "late") {
    owes = last.find().updates.length > 0;
    disk.ready.then(async (is) => {
      ready = is;
      if (!is) return;
      await bringIn();
      owes = true;
      late();
    });
  } else owes = await bringIn();
  // What a late disk brings is not in the document yet, and its number says nothing of it.
  const start = ready === true ? number : 0;

  return {
    own,
    /** All updates up to this number were in the copy. */
    number: start,
    /** Whether changes lie here that nobody was told the server has; also what was typed while the copy was opened. */
    unsent: () => owes || last.heard() > 0,
    /** What the server could not take, from this page and those before it, or "". */
    aside: () => left,
    setAside(words) {
      left = [left, words].filter(Boolean).join("\n");
      attempt(() => localStorage.setItem(aside, left));
      return left;
    },
    /** Resolves to true once all that was typed so far, and all updates up to this number, are on this device's disk. */
    async keep(reached) {
      owes = true;
      const heard = last.heard();
      const kept = ready === true && (await disk.keep(reached));
      if (kept) last.drop(heard);
      return kept;
    },
    /** Everything has been received, and everything up to this number is here: nothing is owed any more. */
    settle(reached) {
      owes = false;
      last.forget();
      return disk.settle(reached, marks);
    },
    /** Brings in what other pages of this device have left since this one was opened; whether it may be owed. */
    async gather() {
      await disk.fetch();
      return bringIn();
    },
    async erase() {
      last.forget();
      attempt(() => localStorage.removeItem(aside));
      await disk.erase();
    },
  };
}
