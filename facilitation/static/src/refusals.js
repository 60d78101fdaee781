// A refusal said where it belongs: at its field, at its form, or, when the form is gone, at the top with the text.

import { textOf } from "./payload.js";
import { t } from "./words.js";

/** Shows the sentence in the form and each field's own sentence at that field. */
export function showRefusal(form, { text, fields = {} }) {
  clearRefusal(form);
  const named = Object.entries(fields).filter(([name, sentence]) => showFieldError(form, name, sentence));
  if (named.length) form.querySelector("[aria-invalid=true]").focus();
  if (named.length && named.some(([, sentence]) => sentence === text)) return;
  const place = form.querySelector("[data-refusal]") ?? form.insertAdjacentElement("afterbegin", element("p", ""));
  place.dataset.refusal = "";
  place.className = "refusal";
  place.setAttribute("role", "alert");
  place.textContent = text;
  place.hidden = false;
}

export function clearRefusal(form) {
  form.querySelectorAll("[data-refusal]").forEach((place) => (place.hidden = true));
  form.querySelectorAll(".error[data-for]").forEach((error) => error.remove());
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    const others = described(field).filter((id) => !id.endsWith("-error"));
    if (others.length) field.setAttribute("aria-describedby", others.join(" "));
    else field.removeAttribute("aria-describedby");
  }
}

/** Gives a text back at the top of the page, when nothing on it can hold it. */
export function giveBack({ text, payload }) {
  const notice = element("div", "notice alarm");
  const close = element("button", "link", t("J’ai compris"));
  close.type = "button";
  close.addEventListener("click", () => notice.remove());
  notice.setAttribute("role", "alert");
  notice.append(element("p", "", text), element("blockquote", "", textOf(payload)), close);
  document.body.prepend(notice);
}

function showFieldError(form, name, sentence) {
  const field = form.elements[name] ?? form.elements[`${name}[]`];
  const target = field instanceof RadioNodeList ? field[0] : field;
  if (!target || target.type === "hidden") return false;
  target.id ||= `${form.dataset.command}-${name}`;
  const error = element("p", "error", sentence);
  error.id = `${target.id}-error`;
  error.dataset.for = name;
  target.setAttribute("aria-invalid", "true");
  target.setAttribute("aria-describedby", [...described(target), error.id].join(" "));
  (target.closest(".field")?.lastElementChild ?? target).after(error);
  return true;
}

function described(field) {
  return (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
}

function element(tag, classes, text = "") {
  const made = document.createElement(tag);
  made.className = classes;
  made.textContent = text;
  return made;
}
