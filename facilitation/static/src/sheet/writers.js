// Who is writing where: cursors in the text, names in the margin on their line, marks in the outline.

import { ySyncPluginKey, yCursorPlugin, relativePositionToAbsolutePosition } from "y-prosemirror";
import * as Y from "yjs";
import { t } from "../words.js";

const COLOURS = 8;
const LINE = 24;

export class Writers {
  constructor(awareness, { name, colour }, list, surface) {
    this.awareness = awareness;
    this.list = list;
    this.surface = surface;
    this.view = null;
    this.carets = new Map();
    awareness.setLocalStateField("user", { name, colour, color: "#2F4BB5" });
    awareness.on("change", () => this.#chooseColour());
    this.surface.className = `c${colour}`;
  }

  plugin() {
    return yCursorPlugin(this.awareness, {
      cursorBuilder: (user, id) => this.#caret(user, id),
      selectionBuilder: (user) => ({ class: `writer-selection ${colourOf(user)}` }),
    });
  }

  /** [{id, name, colour, at, mine}] of everyone who has a cursor in the text. */
  places() {
    const { state } = this.view;
    const places = [];
    for (const [id, { user, cursor }] of this.awareness.getStates()) {
      const mine = id === this.awareness.clientID;
      const at = mine ? this.#own() : cursor && absolute(state, cursor.head);
      if (at === null || at === undefined || at > state.doc.content.size) continue;
      places.push({ id, name: mine ? t("Vous") : nameOf(user), colour: colourOf(user), at, mine });
    }
    return places;
  }

  /** Whether somebody else is in this stretch of text. */
  busy({ from, to }) {
    return this.places().some(({ at, mine }) => !mine && from < at && at < to);
  }

  names() {
    const others = [...this.awareness.getStates()].filter(([id]) => id !== this.awareness.clientID);
    return [...new Set(others.map(([, { user }]) => nameOf(user)))];
  }

  /** Sets the names in the margin, each on its line; two on one line stand one under the other. */
  draw() {
    const top = this.list.getBoundingClientRect().top;
    let free = -Infinity;
    const marks = this.places()
      .map((place) => ({ ...place, top: this.view.coordsAtPos(place.at).top - top }))
      .sort((one, other) => one.top - other.top)
      .map((place) => {
        free = Math.max(place.top, free);
        const mark = document.createElement("li");
        mark.className = `writer ${place.colour}`;
        mark.textContent = place.name;
        mark.style.top = `${Math.round(free)}px`;
        free += LINE;
        return mark;
      });
    this.list.replaceChildren(...marks);
    for (const [id, { user }] of this.awareness.getStates()) {
      const caret = this.carets.get(id);
      if (caret) caret.className = `writer-caret ${colourOf(user)}`;
    }
  }

  // Kept, because the editor does not draw a caret again when only its colour changes.
  #caret(user, id) {
    const caret = document.createElement("span");
    caret.className = `writer-caret ${colourOf(user)}`;
    caret.textContent = "\u2060";
    caret.dataset.name = nameOf(user);
    this.carets.set(id, caret);
    return caret;
  }

  #own() {
    return this.view.hasFocus() ? this.view.state.selection.head : null;
  }

  // Of two who chose the same colour, the later number gives way.
  #chooseColour() {
    const states = [...this.awareness.getStates()].filter(([id]) => id < this.awareness.clientID);
    const taken = new Set(states.map(([, { user }]) => user?.colour));
    const { user } = this.awareness.getLocalState() ?? {};
    if (!user || !taken.has(user.colour)) return;
    const free = [...Array(COLOURS).keys()].find((colour) => !taken.has(colour));
    if (free === undefined) return;
    this.surface.className = `c${free}`;
    this.awareness.setLocalStateField("user", { ...user, colour: free });
  }
}

// What others say of themselves is checked: it ends up in a class and on the page.
const colourOf = (user) => `c${Number.isInteger(user?.colour) ? Math.abs(user.colour) % COLOURS : 0}`;
const nameOf = (user) => String(user?.name ?? "").slice(0, 80) || t("Quelqu’un");

function absolute(state, position) {
  const { doc, type, binding } = ySyncPluginKey.getState(state);
  try {
    return relativePositionToAbsolutePosition(doc, type, Y.createRelativePositionFromJSON(position), binding.mapping);
  } catch {
    return null;
  }
}
