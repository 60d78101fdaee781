// The projector follows the day by itself; keys are for whoever stands beside it.

import { stayAwake } from "./projector/awake.js";
import { openCodes } from "./projector/codes.js";
import { openKeys } from "./projector/keys.js";
import { openMarket } from "./projector/market.js";
import { openPages } from "./projector/pages.js";
import { openScene } from "./projector/scene.js";
import { openTimes } from "./projector/times.js";
import { start } from "./start.js";

openScene();
openMarket();
openCodes();
openPages();
openTimes();
openKeys();
start();
stayAwake();
