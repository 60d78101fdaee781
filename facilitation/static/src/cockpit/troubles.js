// What does not work on the server, said for as long as it lasts.

import { hear } from "../live.js";

export function openTroubles() {
  const place = document.getElementById("troubles");
  const show = (sentences) => {
    place.replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })));
    place.hidden = !sentences.length;
  };
  hear("troubles", ({ troubles }) => show(troubles));
  document.addEventListener("live:opened", ({ detail }) => detail.troubles && show(detail.troubles));
}
