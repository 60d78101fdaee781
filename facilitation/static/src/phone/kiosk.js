// On a kiosk: « J’ai fini » waits for what is on its way, and a quiet tablet forgets by itself.

import { pending } from "../outbox.js";
import { t } from "../words.js";

const QUIET = 90000;
const WARNED = 30000;
let last = Date.now();

export function openKiosk() {
  const form = document.querySelector("[data-kiosk]");
  if (!form) return;
  const says = form.querySelector("[data-kiosk-says]");
  for (const name of ["pointerdown", "keydown", "input", "scroll"]) document.addEventListener(name, () => (last = Date.now()), { capture: true, passive: true });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish(form, says);
  });
  for (const name of ["outbox:received", "outbox:refused"]) document.addEventListener(name, () => form.dataset.ending && finish(form, says));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  setInterval(() => watch(form, says), 1000);
}

function watch(form, says) {
  if (form.dataset.ending) return;
  const quiet = Date.now() - last;
  if (quiet >= QUIET) finish(form, says);
  else if (quiet >= QUIET - WARNED) says.textContent = t("Toujours là ? Sinon la borne vous oublie dans {seconds} s.", { seconds: Math.ceil((QUIET - quiet) / 1000) });
  else says.textContent = "";
}

// What was pressed must leave before the tablet changes hands: it would otherwise be nobody's.
function finish(form, says) {
  form.dataset.ending = "yes";
  if (pending().length) {
    says.textContent = t("Un instant : vos choix partent. Gardez la tablette.");
    return;
  }
  form.submit();
}
