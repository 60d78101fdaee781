// Plain forms, made live: <form data-command="propose_topic" action="/f/…/c/propose_topic" method="post">.

import { confirmed } from "./confirm.js";
import { draftOf, dropDraft, restoreDrafts, saveDraft } from "./drafts.js";
import { page } from "./live.js";
import { pending, send } from "./outbox.js";
import { payloadOf, refill, textFields } from "./payload.js";
import { clearRefusal, giveBack, showRefusal } from "./refusals.js";
import { announceStates, showState } from "./states.js";

const underway = new WeakMap();
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
  document.addEventListener("live:news", ({ detail }) => detail.put.forEach(restoreDrafts));
  document.addEventListener("outbox:refused", ({ detail }) => detail.waited || comeBack(detail));
}

/** Sends the form as its button would; resolves with the answer, or null when the person thought better of it. */
export async function submit(form, button = null) {
  const payload = payloadOf(form, button);
  const same = JSON.stringify(payload);
  // A second press while the first is on its way must not make a second topic.
  if (underway.get(form) === same) return null;
  if (!(await confirmed(button?.dataset.confirm ? button : form))) return null;
  underway.set(form, same);
  clearRefusal(form);
  const hold = form.dataset.keep !== "no";
  if (hold) showState(stateOf(form), "kept");
  const options = { keep: hold, door: form.dataset.door, draft: draftOf(form) };
  const answer = await send(form.dataset.command, payload, options);
  if (underway.get(form) === same) underway.delete(form);
  if (answer.ok) received(form, answer, same, button);
  else refused(form, answer);
  return answer;
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
  const forms = [...document.querySelectorAll("form[data-command]")];
  const form = forms.find((each) => draftOf(each) === entry.draft);
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
  const form = [...document.querySelectorAll("form[data-command]")].find((each) => draftOf(each) === entry.draft);
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
