// One part of the work at a time: the present moment's own, unless somebody chose another one during it.

const KEY = "vue";
const now = () => document.querySelector(".now-head");

let chosen = null;
let seen = null;

export function openParts() {
  chosen = new URLSearchParams(location.search).get(KEY);
  seen = now()?.dataset.moment;
  document.addEventListener("click", follow);
  document.addEventListener("submit", see);
  addEventListener("popstate", () => {
    chosen = new URLSearchParams(location.search).get(KEY);
    show(chosen ?? now().dataset.part);
  });
  document.addEventListener("live:news", ({ detail }) => detail.put.some((element) => element === now()) && moved());
  inSight();
  for (const fold of document.querySelectorAll(".thread-fold")) {
    fold.open = matchMedia("(min-width: 760px)").matches;
  }
}

/** Shows a part as if its tab had been pressed. */
export function choose(part) {
  chosen = part;
  history.pushState(null, "", `?${KEY}=${part}`);
  show(part);
}

/** Puts a text into the message to all phones, for the facilitator to read again and send. */
export function compose(text) {
  const field = document.getElementById("announce-text");
  if (text) field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

// On a narrow screen the tabs scroll sideways: the open one is always in sight.
function inSight() {
  const tab = document.querySelector(".tabs [aria-current]");
  const tabs = tab.parentElement;
  tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
}

function follow(event) {
  const link = event.target.closest("a[data-open], a[data-pen]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.pen) {
    link.closest("details.more").open = false;
    name(link.dataset.pen);
    return;
  }
  choose(link.dataset.open);
  if (link.dataset.message !== undefined) compose(link.dataset.message);
  else if (link.dataset.fold) unfold(link.dataset.fold);
  else if (!link.closest(".tabs")) document.querySelector(".tabs").scrollIntoView({ block: "start" });
}

// What waits can be done from any part: the grid that fills is then shown.
function see({ target }) {
  if (target.dataset.command !== "fill_grid" || !target.closest(".waits")) return;
  choose("agenda");
  document.querySelector(".tabs").scrollIntoView({ block: "start" });
}

function unfold(id) {
  const fold = document.getElementById(id);
  fold.open = true;
  fold.scrollIntoView({ block: "center" });
  fold.querySelector("input:not([type=hidden])").focus({ preventScroll: true });
}

function name(workshop) {
  const fold = document.getElementById("nommer");
  fold.open = true;
  fold.querySelector("#pen-workshop").value = workshop;
  fold.querySelector("#pen-person").focus();
}

function moved() {
  const { moment, part } = now().dataset;
  if (moment !== seen && chosen) {
    chosen = null;
    history.replaceState(null, "", location.pathname);
  }
  seen = moment;
  if (!chosen) show(part);
}

function show(part) {
  for (const section of document.querySelectorAll(".part")) section.hidden = section.id !== `part-${part}`;
  for (const tab of document.querySelectorAll(".tabs a")) {
    if (tab.dataset.open === part) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  inSight();
}
