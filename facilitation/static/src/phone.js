// The participant's phone: it follows the moment, keeps what is typed, and marks what is one's own.

import { openFates } from "./phone/fates.js";
import { openFind } from "./phone/find.js";
import { openKiosk } from "./phone/kiosk.js";
import { openLists } from "./phone/lists.js";
import { openMarks } from "./phone/marks.js";
import { openMoment } from "./phone/moment.js";
import { openViews } from "./phone/views.js";
import { openVote } from "./phone/vote.js";
import { page } from "./live.js";
import { openNear } from "./near.js";
import { start } from "./start.js";

document.documentElement.classList.add("scripted");
if (page) {
  openMoment();
  openFates();
  openKiosk();
  openLists();
  openMarks();
  openViews();
  openVote();
}
openFind();
openNear();
start();
