// Everything that all live pages share, begun in the right order.

import { openClock } from "./clock.js";
import { openForms } from "./forms.js";
import { open, page } from "./live.js";
import { openOutbox } from "./outbox.js";
import { openRings } from "./ring.js";
import { openWaiting } from "./waiting.js";

/** Call it after the page's own listeners are set, so that they hear the first "live:me". */
export function start() {
  openRings();
  openForms();
  if (page) {
    openWaiting();
    openOutbox();
  }
  openClock();
  open();
}
