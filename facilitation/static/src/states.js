// « gardé sur cet appareil », then « reçu »: shown where the act was made, and said aloud once.

import { t } from "./words.js";

const SLOW = 1000;
let slow = null;

/** Shows a state in a `.state` element: "kept", "received" or "". */
export function showState(element, state, said = "") {
  element.classList.toggle("kept", state === "kept");
  element.classList.toggle("received", state === "received");
  element.textContent = said || wordOf(state);
}

/** Speaks the states of every command; a kept one only when the answer is slow to come. */
export function announceStates() {
  const voice = document.createElement("p");
  voice.className = "aloud";
  voice.setAttribute("role", "status");
  document.body.append(voice);
  // A sentence said twice must change to be heard twice.
  const speak = (text) => (voice.textContent = voice.textContent === text ? `${text}\u00a0` : text);
  document.addEventListener("outbox:kept", () => {
    clearTimeout(slow);
    slow = setTimeout(speak, SLOW, wordOf("kept"));
  });
  document.addEventListener("outbox:received", ({ detail }) => {
    clearTimeout(slow);
    speak(detail.said || wordOf("received"));
  });
  document.addEventListener("outbox:refused", () => clearTimeout(slow));
}

function wordOf(state) {
  if (state === "kept") return t("gardé sur cet appareil");
  return state === "received" ? t("reçu") : "";
}
