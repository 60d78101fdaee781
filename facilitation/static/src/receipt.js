// A receipt that never leaves this phone: the ballot carries its digest, and the recount shows the digest, not the receipt.

import { sha256 } from "./sha256.js";

const page = JSON.parse(document.getElementById("live").textContent);
const PLACE = `receipt:${page.forum}`;

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function kept() {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

function fresh() {
  const receipt = hex(crypto.getRandomValues(new Uint8Array(16)));
  try {
    localStorage.setItem(PLACE, receipt);
  } catch {
    return null;
  }
  return receipt;
}

/** Puts the digest on one's ballot; asked again it says the same, so that it may be sent with every page. */
async function mark() {
  const receipt = kept() ?? fresh();
  if (!receipt) return;
  const body = JSON.stringify({ op: hex(crypto.getRandomValues(new Uint8Array(16))), payload: { digest: sha256(receipt) }, protocol: page.protocol });
  const headers = { "Content-Type": "application/json", "X-Facilitation": String(page.protocol) };
  await fetch(`/f/${page.forum}/c/mark_ballot`, { method: "POST", headers, body, credentials: "same-origin" }).catch(() => null);
}

function find(told) {
  const receipt = kept();
  const row = receipt && document.querySelector(`[data-receipt="${sha256(receipt)}"]`);
  told.textContent = receipt ? (row ? told.dataset.found : told.dataset.lost) : told.dataset.none;
  if (!row) return;
  told.textContent += ` ${row.lastElementChild.textContent}`;
  row.classList.add("mine");
}

const told = document.getElementById("my-ballot");
if (told) find(told);
else if (document.querySelector("[data-slot=ballot]")) mark();
