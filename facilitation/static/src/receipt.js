// A receipt that never leaves this phone: the ballot carries its digest, and the recount shows the digest, not the receipt.
// Each round has one of its own: with the same in two, anybody could tell that two ballots are one person's.

import { sha256 } from "./sha256.js";

const page = JSON.parse(document.getElementById("live").textContent);
const place = (round) => `receipt:${page.forum}:${round}`;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function kept(round) {
  try {
    return localStorage.getItem(place(round));
  } catch {
    return null;
  }
}

function fresh(round) {
  const receipt = hex(crypto.getRandomValues(new Uint8Array(16)));
  try {
    localStorage.setItem(place(round), receipt);
  } catch {
    return null;
  }
  return receipt;
}

/** Puts the digest on one's ballot; asked again it says the same, so that it may be sent with every page. */
async function mark() {
  const round = document.querySelector(".rule[data-round]")?.dataset.round;
  const receipt = round && (kept(round) ?? fresh(round));
  if (!receipt) return;
  const body = JSON.stringify({ op: hex(crypto.getRandomValues(new Uint8Array(16))), payload: { digest: sha256(receipt) }, protocol: page.protocol });
  const headers = { "Content-Type": "application/json", "X-Facilitation": String(page.protocol) };
  await fetch(`/f/${page.forum}/c/mark_ballot`, { method: "POST", headers, body, credentials: "same-origin" }).catch(() => null);
}

function find(told) {
  const receipt = kept(told.dataset.myBallot);
  const row = receipt && document.querySelector(`[data-receipt="${sha256(receipt)}"]`);
  told.textContent = receipt ? (row ? told.dataset.found : told.dataset.lost) : told.dataset.none;
  if (!row) return;
  told.textContent += ` ${row.lastElementChild.textContent}`;
  row.classList.add("mine");
}

const told = document.querySelectorAll("[data-my-ballot]");
told.forEach(find);
if (document.querySelector("[data-slot=ballot]")) mark();
