// A question before an act that cannot be taken back lightly: data-confirm="…", data-confirm-yes="verb".

import { t } from "./words.js";

/** Asks and resolves with true or false; without a question, true at once. */
export function confirmed(element) {
  const question = element?.dataset.confirm;
  if (!question) return Promise.resolve(true);
  const dialog = document.createElement("dialog");
  if (!dialog.showModal) return Promise.resolve(window.confirm(question));
  return ask(dialog, question, element.dataset.confirmYes || element.textContent.trim() || t("Continuer"));
}

function ask(dialog, question, yes) {
  const sentence = document.createElement("p");
  sentence.id = "question";
  sentence.textContent = question;
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "question");
  const row = document.createElement("form");
  row.className = "row";
  row.method = "dialog";
  row.append(choice("yes", yes, "button"), choice("", t("Annuler"), "button quiet"));
  dialog.append(sentence, row);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

function choice(value, text, classes) {
  const button = document.createElement("button");
  button.value = value;
  button.className = classes;
  button.textContent = text;
  return button;
}
