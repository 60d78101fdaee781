// What the browser edits by itself stays inside one line. Between lines our own commands act: they know what a section is,
// and a browser would merge a title into the words above it.

import { Plugin } from "prosemirror-state";

export function withinOneLine() {
  return new Plugin({ props: { handleDOMEvents: { keydown: readChoice, beforeinput: actBetweenLines } } });
}

// Browsers tell of a new selection in a task of its own; a key that comes before it would act where one no longer is.
function readChoice(view, event) {
  if (!event.isComposing && !view.composing) document.dispatchEvent(new Event("selectionchange"));
  return false;
}

// Phones, dictation and menus send no key, only what is to be done.
function actBetweenLines(view, event) {
  if (!view.editable || !event.cancelable || event.isComposing || view.composing) return false;
  readChoice(view, event);
  const { inputType, data } = event;
  const { $from, $to, empty } = view.state.selection;
  const erases = inputType.startsWith("delete");
  const isForward = inputType.endsWith("Forward");
  if (erases && empty) {
    const edge = isForward ? $from.parent.content.size : 0;
    if (!$from.parent.isTextblock || $from.parentOffset !== edge) return false;
    press(view, isForward ? "Delete" : "Backspace");
  } else if ($from.sameParent($to)) return false;
  else if (erases) press(view, "Backspace");
  else if (inputType === "insertParagraph" || inputType === "insertLineBreak") press(view, "Enter");
  else if (inputType === "insertText" && data) write(view, data);
  else return false;
  event.preventDefault();
  return true;
}

function press(view, key) {
  const pressed = new KeyboardEvent("keydown", { key });
  view.someProp("handleKeyDown", (handle) => handle(view, pressed));
}

function write(view, text) {
  const { from, to } = view.state.selection;
  const plainly = () => view.state.tr.insertText(text).scrollIntoView();
  if (!view.someProp("handleTextInput", (handle) => handle(view, from, to, text, plainly))) view.dispatch(plainly());
}
