// The computer stays awake where the browser may ask for it; elsewhere its own settings decide.

/** Asks again whenever the page comes back to the front. */
export function stayAwake() {
  if (!("wakeLock" in navigator)) return;
  const ask = () => document.hidden || navigator.wakeLock.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", ask);
  ask();
}
