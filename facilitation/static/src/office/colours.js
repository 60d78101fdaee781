// A colour is chosen on a palette or typed as six digits: each field follows the other.

const WHOLE = /^#[0-9A-Fa-f]{6}$/;

export function openColours() {
  for (const palette of document.querySelectorAll("[data-colour]")) {
    const typed = document.getElementById(palette.dataset.colour);
    palette.parentElement.querySelector(".swatch")?.remove();
    palette.hidden = false;
    palette.classList.toggle("none", !typed.value);
    palette.addEventListener("input", () => {
      typed.value = palette.value.toUpperCase();
      palette.classList.remove("none");
    });
    typed.addEventListener("input", () => {
      if (WHOLE.test(typed.value)) palette.value = typed.value;
      palette.classList.toggle("none", !WHOLE.test(typed.value));
    });
  }
}
