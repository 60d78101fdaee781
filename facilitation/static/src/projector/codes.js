// A code is sharp only if each of its modules is a whole number of the screen's own pixels.

const QUIET = 8;
const NEARLY = 0.08;
const SHARE = { large: 0.85, welcome: 0.4 };

/** Sizes every code, also when the window changes or a code comes later. */
export function openCodes() {
  addEventListener("resize", sizeAll);
  document.addEventListener("live:news", sizeAll);
  sizeAll();
}

function sizeAll() {
  for (const code of document.querySelectorAll(".code")) {
    const modules = Number(code.dataset.modules);
    const share = code.closest(".large") ? SHARE.large : SHARE.welcome;
    const pixel = 1 / devicePixelRatio;
    const each = Math.ceil((share * innerHeight) / pixel / (modules - QUIET) - NEARLY);
    const drawing = code.querySelector("svg");
    drawing.style.width = drawing.style.height = `${each * modules * pixel}px`;
  }
}
