// Each phone shows the ballot in one of sixteen orders, always the same; the server counts by the same rule (domain/votes.py).

import { me } from "../live.js";
import { places } from "../reducer.js";

const PRIME = 65521;
const STRIDES = [36952, 9941, 58756, 22358, 21578, 26949, 60409, 41285];

places.ballot = (number) => {
  const order = me()?.shuffle ?? 0;
  const at = (number * STRIDES[order >> 1]) % PRIME;
  return String(order & 1 ? PRIME - at : at);
};
