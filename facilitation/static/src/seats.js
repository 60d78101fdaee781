// Where each dot of a ring sits: the rule of domain/ring.py, held equal by a test.

const RADIUS = 92;
const MOST_DOTS = 200;
const MOST_IN_ONE_ROW = 36;
const COLOURS = "501320540514230541342130523412";

/** How many people one dot stands for: one, then ten, then a hundred. */
export function worth(count) {
  let people = 1;
  while (Math.ceil(count / people) > MOST_DOTS) people *= 10;
  return people;
}

/** [{x, y, r, colour}] of a whole ring; an open seat comes first, its colour null. */
export function seats(count, open = false) {
  const total = Math.ceil(count / worth(count)) + Number(open);
  return Array.from({ length: total }, (_, number) => seat(number, total, open));
}

function seat(number, total, open) {
  const rows = total <= MOST_IN_ONE_ROW ? 1 : 2;
  const row = number % rows;
  const place = Math.floor(number / rows);
  const inRow = Math.floor((total + rows - 1 - row) / rows);
  const outer = Math.floor((total + rows - 1) / rows);
  const pitch = (2 * Math.PI * RADIUS) / outer;
  const radius = rows === 1 ? Math.min(7, pitch * 0.34) : Math.min(5.6, pitch * 0.27);
  const distance = RADIUS - row * Math.min(13, pitch * 0.78);
  const angle = (2 * Math.PI * (place + row / 2)) / inRow;
  const colour = open && number === 0 ? null : Number(COLOURS[number % COLOURS.length]);
  return { x: hundredth(-distance * Math.sin(angle)), y: hundredth(distance * Math.cos(angle)), r: hundredth(radius), colour };
}

function hundredth(value) {
  return Math.floor(value * 100 + 0.5) / 100;
}
