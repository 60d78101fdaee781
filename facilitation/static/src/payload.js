// A form's fields as a command's payload, and back.

const APART = /^(op|next|csrf_token|_.*)$/;

/** {name: value} of the enabled named fields; "details[]" makes a list, data-type a number, a boolean or lines. */
export function payloadOf(form, button) {
  const payload = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || APART.test(field.name) || field.type === "file") continue;
    if (field.type === "submit" || field.type === "button" || field.tagName === "FIELDSET") continue;
    if (field.type === "radio" && !field.checked) continue;
    write(payload, field);
  }
  if (button?.name && !APART.test(button.name)) write(payload, button);
  return payload;
}

/** Puts a payload's texts back into the form's fields. */
export function refill(form, payload) {
  for (const field of textFields(form)) {
    const list = field.name.endsWith("[]");
    const value = payload[list ? field.name.slice(0, -2) : field.name];
    if (list && Array.isArray(value) && field.dataset.type !== "lines") field.value = value.shift() ?? "";
    else if (Array.isArray(value)) field.value = value.join("\n");
    else if (value !== undefined && value !== null) field.value = value;
  }
}

/** The fields a person types in. */
export function textFields(form) {
  return [...form.elements].filter((field) => field.name && isText(field));
}

/** What was typed, as one text to give back. */
export function textOf(payload) {
  const texts = Object.values(payload).flat().filter((value) => typeof value === "string" && value.trim());
  return texts.join("\n");
}

function isText(field) {
  return field.tagName === "TEXTAREA" || ["text", "search", "email", "url", "tel"].includes(field.type);
}

function write(payload, field) {
  const list = field.name.endsWith("[]");
  const name = list ? field.name.slice(0, -2) : field.name;
  if (!list) {
    payload[name] = valueOf(field);
    return;
  }
  payload[name] ??= [];
  if (field.type === "checkbox" && !field.checked) return;
  const value = field.type === "checkbox" ? typed(field, field.value) : valueOf(field);
  if (value !== null && value !== "") payload[name] = payload[name].concat(value);
}

function valueOf(field) {
  if (field.type === "checkbox") return field.checked;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return typed(field, field.value);
}

function typed(field, value) {
  if (field.dataset.type === "number") return value === "" ? null : Number(value);
  if (field.dataset.type === "boolean") return value === true || ["true", "1", "on"].includes(value);
  if (field.dataset.type === "lines") return value.split("\n").map((line) => line.trim()).filter(Boolean);
  return value;
}
