// Finding somebody in the list of people.

import { t } from "../words.js";

const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function openPeople() {
  const field = document.getElementById("find-person");
  field.closest(".search").hidden = false;
  field.placeholder = t("Un nom, une organisation");
  const filter = () => {
    const sought = bare(field.value.trim());
    for (const row of document.querySelectorAll(".person")) row.hidden = !bare(row.dataset.name).includes(sought);
  };
  field.addEventListener("input", filter);
  document.addEventListener("live:news", filter);
}
