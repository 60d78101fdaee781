// The living ring: <svg class="ring" data-count="87" data-open> drawn by the server, re-spaced here as people come.

import { seats } from "./seats.js";

const SVG = "http://www.w3.org/2000/svg";
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const drawn = new WeakMap();

/** Redraws every ring when its data-count or data-open changes, or the element named by its data-follow. */
export function openRings() {
  const watcher = new MutationObserver((changes) => changes.forEach(({ target }) => draw(target)));
  for (const ring of document.querySelectorAll("svg.ring[data-count]")) {
    draw(ring);
    watcher.observe(ring, { attributes: true, attributeFilter: ["data-count", "data-open"] });
  }
  document.addEventListener("live:news", follow);
  follow();
}

/** Brings one ring to its count; a new dot travels to its seat from outside the circle. */
export function draw(ring) {
  const goal = seats(Number(ring.dataset.count), "open" in ring.dataset);
  const first = !drawn.has(ring) && ring.childElementCount === goal.length;
  const last = drawn.get(ring);
  const dots = goal.map((seat, number) => paint(ring.children[number] ?? ring.appendChild(dot()), seat));
  while (ring.childElementCount > goal.length) ring.lastElementChild.remove();
  const start = goal.map((seat, number) => last?.now[number] ?? outside(seat));
  const walk = { now: start };
  drawn.set(ring, walk);
  if (first || !last || STILL.matches || document.hidden) move(dots, walk, goal);
  else travel(ring, dots, walk, goal);
}

function follow() {
  for (const ring of document.querySelectorAll("svg.ring[data-follow]")) {
    const count = document.getElementById(ring.dataset.follow)?.dataset.count;
    if (count !== undefined && count !== ring.dataset.count) ring.dataset.count = count;
  }
}

function travel(ring, dots, walk, goal) {
  const [start, begun] = [walk.now, performance.now()];
  const length = document.documentElement.classList.contains("projector") ? 900 : 240;
  const step = (time) => {
    // A later change has taken over from where this one had come.
    if (drawn.get(ring) !== walk) return;
    const done = Math.min(1, Math.max(0, time - begun) / length);
    const eased = 1 - (1 - done) ** 3;
    move(dots, walk, goal.map((seat, number) => between(start[number], seat, eased)));
    if (done < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

function move(dots, walk, places) {
  walk.now = places;
  places.forEach(({ x, y }, number) => {
    dots[number].setAttribute("cx", x);
    dots[number].setAttribute("cy", y);
  });
}

function paint(circle, { r, colour }) {
  circle.setAttribute("r", r);
  circle.setAttribute("class", colour === null ? "open" : `c${colour}`);
  return circle;
}

// Turning and shrinking towards the seat keeps a dot on the circle, where a straight line would cross its middle.
function between(from, to, part) {
  const [start, end] = [polar(from), polar(to)];
  const turn = ((end.angle - start.angle + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
  const angle = start.angle + turn * part;
  const distance = start.distance + (end.distance - start.distance) * part;
  return part === 1 ? to : { x: distance * Math.cos(angle), y: distance * Math.sin(angle) };
}

function polar({ x, y }) {
  return { angle: Math.atan2(y, x), distance: Math.hypot(x, y) };
}

function outside({ x, y }) {
  return { x: x * 1.3 - y * 0.3, y: y * 1.3 + x * 0.3 };
}

function dot() {
  return document.createElementNS(SVG, "circle");
}
