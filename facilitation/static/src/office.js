// Home and organiser's pages: plain forms that work alone, with a question before what hurts and a way to copy links.

import { openColours } from "./office/colours.js";
import { openTemplates } from "./office/templates.js";
import { openWaiting } from "./office/waiting.js";
import { start } from "./start.js";
import { t } from "./words.js";

start();
openColours();
openTemplates();
openWaiting();

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

// A form that makes something is sent once, however often it is pressed; coming back to the page frees it.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-once]");
  if (!form) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Over plain HTTP there is no clipboard, only this older way.
    document.execCommand("copy");
  }
  button.textContent = t("Copié");
}
