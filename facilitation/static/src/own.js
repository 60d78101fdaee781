// When what the forum holds of me changes, the lists of what is my own on this page are read again.

let seen = JSON.stringify(JSON.parse(document.getElementById("live").textContent).me);

document.addEventListener("live:me", async ({ detail }) => {
  const now = JSON.stringify(detail);
  if (now === seen) return;
  seen = now;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || now !== seen) return;
  const whole = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Who has come to carry a topic, or carries it no longer, has another page in front of them.
  if (places(whole) !== places(document)) return location.reload();
  const fresh = whole.querySelectorAll("[data-own]");
  document.querySelectorAll("[data-own]").forEach((list, place) => {
    if (fresh[place] && !isBeingWritten(list)) list.replaceChildren(...document.importNode(fresh[place], true).childNodes);
  });
});

const places = (page) => [...page.querySelectorAll("[data-own]")].map((list) => list.closest("[id]")?.id).join(" ");

// What somebody has opened or is changing stays under their fingers.
function isBeingWritten(list) {
  return list.querySelector("details[open]") !== null || [...list.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue || field === document.activeElement);
}
