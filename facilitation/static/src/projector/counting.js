// Results are counted out dot by dot, every row at the same pace, each page once.

const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const PACE = 110;
const LONGEST = 6000;
const counted = new Set();

/** Counts the rows that have not been counted on this screen. */
export function countOut(rows) {
  const fresh = rows.filter((row) => !counted.has(row.id));
  fresh.forEach((row) => counted.add(row.id));
  if (!fresh.length || STILL.matches) return;
  const most = Math.max(...fresh.map((row) => row.querySelectorAll(".pip").length));
  if (!most) return;
  const pace = Math.min(PACE, LONGEST / most);
  const begun = performance.now();
  const step = (time) => {
    const done = Math.floor((time - begun) / pace);
    fresh.forEach((row) => show(row, done));
    if (done < most) requestAnimationFrame(step);
  };
  fresh.forEach((row) => show(row, 0));
  requestAnimationFrame(step);
}

function show(row, done) {
  const dots = row.querySelectorAll(".pip");
  dots.forEach((dot, place) => dot.classList.toggle("uncounted", place >= done));
  const votes = Number(row.dataset.votes);
  const figure = row.querySelector(".figure");
  figure.textContent = done >= dots.length ? votes : Math.round((votes * done) / dots.length);
}
