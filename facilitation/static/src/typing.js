// What a person has under the hand when an item changes: text, choices, focus, open details.

const FIELDS = "input, textarea, select";
const CLICK_COMES = 120;
const STILL = new Set(["value", "disabled", "readonly", "checked"]);

let pressed = null;

/** Whether a finger or the mouse is down on something of this element. */
export const pressing = (element) => pressed !== null && element.contains(pressed);

/** Calls back whenever the hand leaves a field or lets go of a button. */
export function whenFree(call) {
  const release = () => {
    const was = pressed;
    setTimeout(() => {
      if (pressed === was) pressed = null;
      call();
    }, CLICK_COMES);
  };
  document.addEventListener("pointerdown", ({ target }) => (pressed = target), true);
  document.addEventListener("pointerup", release, true);
  document.addEventListener("pointercancel", release, true);
  document.addEventListener("focusout", () => setTimeout(call));
}

/** The field of this element that is being typed in, or null. */
export function typing(element) {
  const field = document.activeElement;
  const writes = field?.matches(FIELDS) && !["checkbox", "radio", "submit"].includes(field.type);
  return writes && element.contains(field) ? field : null;
}

/** Carries what was typed or chosen, and open details, from an element to the one that takes its place. */
export function hold(old, fresh) {
  for (const field of old.querySelectorAll(FIELDS)) {
    const twin = changed(field) && twinOf(field, old, fresh);
    if (twin) carry(field, twin);
  }
  for (const details of old.querySelectorAll("details[open]")) {
    const twin = twinOf(details, old, fresh);
    if (twin) twin.open = true;
  }
}

/** Rebuilds everything around the field as in fresh, the field itself staying; false where fresh has no such field. */
export function graft(old, fresh, field) {
  const twin = twinOf(field, old, fresh);
  if (!twin) return false;
  const [path, twins] = [chain(old, field), chain(fresh, twin)];
  if (path.map((step) => step.tagName).join() !== twins.map((step) => step.tagName).join()) return false;
  hold(old, fresh);
  path.forEach((step, index) => {
    copyAttributes(step, twins[index]);
    if (step !== field) rebuildAround(path[index + 1], step, twins[index + 1], twins[index]);
  });
  return true;
}

/** Remembers which control had the focus; the answer gives it back once fresh is on the page. */
export function refocus(old, fresh) {
  const control = document.activeElement;
  if (!control || !old.contains(control)) return () => {};
  const twin = control === old ? fresh : twinOf(control, old, fresh);
  return () => twin?.focus({ preventScroll: true });
}

function changed(field) {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

function carry(field, twin) {
  if (field.type === "checkbox" || field.type === "radio") twin.checked = field.checked;
  else twin.value = field.value;
}

function twinOf(control, old, fresh) {
  if (control.id) return fresh.querySelector(`#${CSS.escape(control.id)}`);
  const tag = control.tagName;
  const same = (each) => each.name === control.name && (tag !== "BUTTON" || each.value === control.value);
  const place = [...old.querySelectorAll(tag)].filter(same).indexOf(control);
  return [...fresh.querySelectorAll(tag)].filter(same)[place] ?? null;
}

function chain(root, leaf) {
  const steps = [];
  for (let step = leaf; step !== root; step = step.parentElement) steps.unshift(step);
  return [root, ...steps];
}

function copyAttributes(element, model) {
  const field = element.matches(FIELDS);
  for (const { name } of [...element.attributes]) {
    if (!model.hasAttribute(name) && !(field && STILL.has(name))) element.removeAttribute(name);
  }
  for (const { name, value } of model.attributes) {
    if (!(field && STILL.has(name)) && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

function rebuildAround(child, parent, model, modelParent) {
  for (const node of [...parent.childNodes]) if (node !== child) node.remove();
  const nodes = [...modelParent.childNodes];
  const middle = nodes.indexOf(model);
  child.before(...nodes.slice(0, middle));
  child.after(...nodes.slice(middle + 1));
}
