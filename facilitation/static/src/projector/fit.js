// A text that must be read whole from the back: as large as its page allows.

const STEPS = ["", "fit-1", "fit-2", "fit-3", "fit-4"];

/** Chooses the size of an item's [data-fit-text]; what is too long even small fades at the bottom. */
export function fit(item) {
  const text = item.querySelector("[data-fit-text]");
  if (!text) return;
  text.classList.remove(...STEPS.filter(Boolean), "more");
  for (const step of STEPS) {
    if (step) text.classList.replace(lastOf(text), step) || text.classList.add(step);
    if (text.scrollHeight <= text.clientHeight + 1) return;
  }
  text.classList.add("more");
}

function lastOf(text) {
  return STEPS.find((step) => step && text.classList.contains(step)) ?? "fit-0";
}
