// Text typed and not yet sent: kept on this device for each form, and put back when the form returns.

import { textFields } from "./payload.js";
import { forget, keep, kept } from "./storage.js";

/** The form's draft name: its data-draft, or its command with its hidden values. */
export function draftOf(form) {
  const hidden = [...form.querySelectorAll("input[type=hidden]:not([name=op]):not([name=csrf_token])")];
  return form.dataset.draft ?? [form.dataset.command, ...hidden.map((field) => field.value)].join("/");
}

export function saveDraft(form) {
  if (form.dataset.draft === "no") return;
  const texts = textFields(form).map((field) => (field.value === field.defaultValue ? null : field.value));
  if (texts.some((text) => text !== null)) keep(`draft:${draftOf(form)}`, texts);
  else dropDraft(draftOf(form));
}

export function dropDraft(name) {
  forget(`draft:${name}`);
}

/** Puts drafts back into the untouched fields of every form in root. */
export function restoreDrafts(root) {
  const forms = root.matches?.("form[data-command]") ? [root] : root.querySelectorAll("form[data-command]");
  for (const form of forms) {
    const texts = form.dataset.draft === "no" ? null : kept(`draft:${draftOf(form)}`);
    if (!texts) continue;
    textFields(form).forEach((field, index) => {
      if (field.value === field.defaultValue && typeof texts[index] === "string") field.value = texts[index];
    });
  }
}
