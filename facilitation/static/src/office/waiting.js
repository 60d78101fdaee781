// A section that waits for something made elsewhere: asked for again by itself, so that nothing typed on the page is lost.

const PACE = 1500;

export function openWaiting() {
  const section = document.querySelector("[data-wait]");
  if (section) setTimeout(look, PACE, section);
}

async function look(section) {
  try {
    const answer = await fetch(location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(section.id);
    // Text alone while it waits: a section put in anew would take the focus from whoever is in it.
    if (fresh && !("wait" in fresh.dataset)) return section.replaceWith(fresh);
    const [now, later] = [section, fresh].map((one) => one?.querySelector("[role=status]"));
    if (now && later) now.textContent = later.textContent;
  } catch {
    // The line is down: the next look may find it again.
  }
  setTimeout(look, PACE, section);
}
