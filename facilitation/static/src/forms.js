// Plain forms, made live: <form data-command="propose_topic" action="/f/…/c/propose_topic" method="post">.

import { confirmed } from "./confirm.js";
import { draftOf, dropDraft, restoreDrafts, saveDraft } from "./drafts.js";
import { page } from "./live.js";
import { pending, send } from "./outbox.js";
import { payloadOf, refill, textFields } from "./payload.js";
import { clearRefusal, giveBack, showRefusal } from "./refusals.js";
import { announceStates, showState } from "./states.js";

// What each form has sent and not yet heard of, by its place: the form itself may be made anew meanwhile.
const underway = new Map();
let pressed = null;

/** Takes over every form with a data-command, those that come later included. */
export function openForms() {
  announceStates();
  restoreDrafts(document);
  if (page) pending().forEach(emptyFormOf);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter ?? (pressed?.form === form ? pressed : null);
    if (event.defaultPrevented) return;
    if (page && form.dataset.command) {
      event.preventDefault();
      submit(form, button);
    } else if (form.dataset.confirm ?? button?.dataset.confirm) {
      event.preventDefault();
      submitPlainly(form, button);
    }
  });
  // Safari before 15.4 does not say which button was pressed.
  document.addEventListener("click", ({ target }) => (pressed = target.closest("button")), true);
  document.addEventListener("input", ({ target }) => target.form?.dataset.command && saveDraft(target.form));
  document.addEventListener("live:news", ({ detail }) => detail.put.forEach(takeOver));
  document.addEventListener("outbox:refused", ({ detail }) => detail.waited || comeBack(detail));
}

/** Sends the form as its button would; resolves with the answer, or null when the person thought better of it. */
export async function submit(form, button = null) {
  const payload = payloadOf(form, button);
  const same = JSON.stringify(payload);
  // A second press while the first is on its way must not make a second topic.
  const place = placeOf(form);
  if (underway.get(place) === same) return null;
  if (!(await confirmed(button?.dataset.confirm ? button : form))) return null;
  underway.set(place, same);
  clearRefusal(form);
  const hold = form.dataset.keep !== "no";
  if (hold) showState(stateOf(form), "kept");
  const options = { keep: hold, door: form.dataset.door, draft: draftOf(form) };
  const answer = await send(form.dataset.command, payload, options);
  if (underway.get(place) === same) underway.delete(place);
  const standing = standingIn(form);
  if (answer.ok) received(standing, answer, same, standing === form ? button : twinOf(button, standing));
  else refused(standing, answer);
  return answer;
}

const placeOf = (form) => (form.dataset.draft === "no" ? form : draftOf(form));

const formsOf = (root) => (root.matches?.("form[data-command]") ? [root] : [...root.querySelectorAll("form[data-command]")]);

// The form on the page: news may have put another in the place of the one that was sent.
function standingIn(form) {
  if (form.isConnected || placeOf(form) === form) return form;
  return formsOf(document).find((each) => placeOf(each) === placeOf(form)) ?? form;
}

const twinOf = (button, form) => (button?.name ? form.querySelector(`button[name="${button.name}"][value="${button.value}"]`) : null);

// A form that news has made anew goes on where the former one was: with its text, and with what is on its way.
function takeOver(root) {
  restoreDrafts(root);
  for (const form of formsOf(root)) {
    if (underway.has(placeOf(form))) showState(stateOf(form), "kept");
  }
}

async function submitPlainly(form, button) {
  if (!(await confirmed(button?.dataset.confirm ? button : form))) return;
  if (button?.name) {
    const choice = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    form.append(choice);
  }
  form.submit();
}

function received(form, answer, same, button) {
  showState(stateOf(form), "received", answer.said);
  // What was typed since is another text: it stays.
  if (JSON.stringify(payloadOf(form, button)) === same) {
    if (form.dataset.clear !== "no") form.reset();
    dropDraft(draftOf(form));
  }
  const go = answer.answer?.go;
  if (typeof go === "string" && /^\/(?!\/)/.test(go)) location.assign(go);
}

function refused(form, answer) {
  showState(stateOf(form), "");
  saveDraft(form);
  showRefusal(form, answer);
}

// The page was reloaded since: the text goes back to its form if that is still empty, else to the top of the page.
function comeBack(entry) {
  const form = formsOf(document).find((each) => draftOf(each) === entry.draft);
  const free = form && textFields(form).every((field) => field.value === field.defaultValue || entryHas(entry, field));
  if (!free) {
    giveBack(entry);
    return;
  }
  refill(form, structured(entry.payload));
  refused(form, entry);
}

// What an earlier page sent is on its way: left in its form as a draft, it would be sent a second time as something new.
function emptyFormOf(entry) {
  const form = formsOf(document).find((each) => draftOf(each) === entry.draft);
  const written = form ? textFields(form).filter((field) => field.value !== field.defaultValue) : [];
  if (!written.length || !written.every((field) => entryHas(entry, field))) return;
  form.reset();
  dropDraft(entry.draft);
}

function entryHas(entry, field) {
  return Object.values(entry.payload).flat().includes(field.value);
}

function structured(payload) {
  return JSON.parse(JSON.stringify(payload));
}

function stateOf(form) {
  const place = form.querySelector("[data-state]") ?? form.insertAdjacentElement("beforeend", document.createElement("p"));
  place.dataset.state = "";
  place.classList.add("state");
  return place;
}
