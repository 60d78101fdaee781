// « Aller au n° ».

import { t } from "../words.js";

export function openFind() {
  document.addEventListener("submit", (event) => event.target.matches("[role=search]") && go(event));
  document.addEventListener("click", closeOthers);
  document.addEventListener("keydown", ({ key }) => key === "Escape" && close(document.querySelector(".menu[open], .goto[open]")));
}

function go(event) {
  const form = event.target;
  const wanted = String(Number(form.n.value));
  const found = [...document.querySelectorAll("[data-number]")].find((item) => item.dataset.number === wanted && item.offsetParent);
  event.preventDefault();
  const said = form.querySelector("[data-found]");
  said.textContent = found ? "" : t("Aucun sujet n° {number} ici.", { number: wanted });
  if (!found) return;
  form.reset();
  close(form.closest("details"), false);
  reach(found);
}

function reach(item) {
  item.tabIndex = -1;
  item.scrollIntoView({ block: "center" });
  item.focus({ preventScroll: true });
  item.classList.add("found");
  setTimeout(() => item.classList.remove("found"), 3000);
}

function closeOthers({ target }) {
  for (const open of document.querySelectorAll(".menu[open], .goto[open]")) {
    if (!open.contains(target)) open.open = false;
  }
}

function close(details, refocus = true) {
  if (!details) return;
  details.open = false;
  if (refocus) details.querySelector("summary").focus();
}
