// One menu open at a time; Escape and a press elsewhere close it.

const OPEN = "details.more[open]";

export function openMenus() {
  document.addEventListener("toggle", ({ target }) => target.matches(OPEN) && closeAll(target), true);
  document.addEventListener("pointerdown", ({ target }) => closeAll(target.closest?.("details.more")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(OPEN);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("outbox:received", () => closeAll(document.activeElement?.closest(".entry details.more")));
}

function closeAll(but) {
  for (const menu of document.querySelectorAll(OPEN)) if (menu !== but) menu.open = false;
}
