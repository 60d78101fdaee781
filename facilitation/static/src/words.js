// The page's own sentences: French in the source, other languages from the page's <script id="words">.

const book = read("words") ?? {};
const language = document.documentElement.lang || "fr";

/** The JSON of a data block of the page, or null. */
export function read(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent) : null;
}

/** A sentence in the reader's language; {name} takes params.name. */
export function t(sentence, params) {
  return fill(book[sentence] ?? sentence, params);
}

/** One sentence or the other according to count; French counts zero as one. */
export function n(one, many, count, params) {
  const [single, plural] = book[one] ?? [one, many];
  const alone = language.startsWith("fr") ? Math.abs(count) < 2 : count === 1;
  return fill(alone ? single : plural, { count, ...params });
}

// Parameters are put in last, so that what people typed is never respaced.
function fill(sentence, params = {}) {
  const spaced = language.startsWith("fr")
    ? sentence.replace(/ (?=[;:?!»%])/g, "\u202f").replace(/« /g, "«\u202f")
    : sentence;
  return spaced.replace(/\{(\w+)\}/g, (hole, name) => params[name] ?? hole);
}
