// What was refused, where it stays readable when the day has moved on; links made; notes opened.

import { page } from "../live.js";
import { t } from "../words.js";

export function openSaid() {
  const place = document.getElementById("said");
  document.addEventListener("outbox:refused", ({ detail }) => {
    place.textContent = detail.text;
    place.hidden = false;
  });
  document.addEventListener("outbox:received", ({ detail }) => {
    place.hidden = true;
    if (detail.name === "take_notes") location.assign(`/f/${page.forum}/fiche/${detail.answer.sheet}`);
    if (detail.name === "invite") showLink(`${location.origin}/cle/${detail.answer.link}`, detail.payload.role);
  });
}

function showLink(address, role) {
  const place = document.getElementById("shown-link");
  const link = document.createElement("a");
  link.href = link.textContent = address;
  const about = role === "projector" ? t("Le lien du projecteur, à ouvrir sur son ordinateur :") : t("Le lien à donner à une personne de l’équipe :");
  place.replaceChildren(`${about} `, link);
  place.hidden = false;
}
