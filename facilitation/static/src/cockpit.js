// The cockpit: parts, timer, menus, moving workshops by hand, keys, and what was refused.

import { openAsleep } from "./cockpit/asleep.js";
import { openGrid } from "./cockpit/grid.js";
import { openKeys } from "./cockpit/keys.js";
import { openMenus } from "./cockpit/menus.js";
import { openParts } from "./cockpit/parts.js";
import { openPeople } from "./cockpit/people.js";
import { openPicks } from "./cockpit/picks.js";
import { openSaid } from "./cockpit/said.js";
import { openTimer } from "./cockpit/timer.js";
import { openTroubles } from "./cockpit/troubles.js";
import { openNear } from "./near.js";
import { start } from "./start.js";

openSaid();
openParts();
openTimer();
openMenus();
openPicks();
openGrid();
openPeople();
openKeys();
openNear();
start();
openTroubles();
openAsleep();
