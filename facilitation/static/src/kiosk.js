// Between two people, the kiosk keeps nothing of either in this browser.

const between = document.querySelector("[data-kiosk-between]");
if (between) {
  for (const store of [() => localStorage, () => sessionStorage]) {
    try {
      Object.keys(store()).filter((key) => key.startsWith("facilitation:")).forEach((key) => store().removeItem(key));
    } catch {
      // Where the browser keeps nothing, there is nothing to forget.
    }
  }
}
addEventListener("pageshow", (event) => event.persisted && location.reload());
