// While everybody chooses, the newest cell is said in full below the grid.

const main = document.getElementById("main");
const newest = document.getElementById("newest");
const known = new Set();

export function openMarket() {
  taken().forEach(({ id, dataset }) => known.add(`${id} ${dataset.number}`));
  document.addEventListener("live:news", follow);
}

function taken() {
  return [...document.querySelectorAll(".market > .taken")];
}

function follow({ detail }) {
  const fresh = taken().filter(({ id, dataset }) => !known.has(`${id} ${dataset.number}`));
  known.clear();
  taken().forEach(({ id, dataset }) => known.add(`${id} ${dataset.number}`));
  if (main.dataset.claim !== "claiming" || detail.whole || !fresh.length) return;
  fresh.forEach((cell) => cell.classList.add("came"));
  const last = fresh.reduce((one, other) => (Number(other.dataset.number) > Number(one.dataset.number) ? other : one));
  const dot = last.querySelector(".dot").cloneNode(true);
  dot.className += ` ${[...last.classList].find((name) => /^c\d$/.test(name))}`;
  const words = document.createElement("span");
  words.append(`${last.dataset.said} : `, last.querySelector(".words").textContent);
  newest.replaceChildren(dot, words);
}
