// What goes to the server at a time. A day typed offline, or a sheet found again after a reload, is more than one message may
// hold; and one change that the server cannot take must not hold up all that comes after it.

import * as Y from "yjs";

// Half of what the server takes, in bytes and in pieces; and what merging can do without holding the page up.
const MOST_BYTES = 500_000;
const MOST_STRUCTS = 5000;
const AT_ONCE = 1000;

/** Takes from the head of the queue, [{update, alone}], what one message may hold: one of its kind. The rest stays there. */
export function load(queue) {
  const first = queue.shift();
  if (first.alone) return first;
  const [head, ...rest] = split(first.update);
  queue.unshift(...rest.map((part) => ({ update: part, alone: true })));
  if (rest.length) return { update: head };
  const updates = [head];
  let [bytes, structs] = weigh(head);
  while (queue.length && !queue[0].alone && updates.length < AT_ONCE) {
    const [more, pieces] = weigh(queue[0].update);
    bytes += more;
    structs += pieces;
    if (bytes > MOST_BYTES || structs > MOST_STRUCTS) break;
    updates.push(queue.shift().update);
  }
  return { update: updates.length > 1 ? Y.mergeUpdates(updates) : head };
}

/** Two updates that come to this one, or none where it cannot be divided. */
export function halves(update) {
  const things = thingsIn(update);
  const middle = Math.ceil(things.length / 2);
  return things.length > 1 ? [encode(things.slice(0, middle)), encode(things.slice(middle))] : [];
}

/** The same places with nothing in them, so that what comes after still finds its own, and the words that were there. */
export function hollow(update) {
  const things = thingsIn(update);
  const words = things.map(({ content }) => (content instanceof Y.ContentString ? content.str : "")).join("");
  for (const each of things) if (each instanceof Y.Item) each.content = new Y.ContentDeleted(each.length);
  return { update: encode(things), words };
}

/** Of these updates, what takes away places that were there before them, as one; null where nothing does. */
export function easing(updates) {
  const things = updates.flatMap(thingsIn);
  const since = new Map();
  for (const { id } of things) if (id) since.set(id.client, Math.min(id.clock, since.get(id.client) ?? Infinity));
  const before = ({ client, clock, len }) => Math.min(clock + len, since.get(client) ?? Infinity) - clock;
  const gone = things.filter(({ id }) => !id).map((each) => ({ ...each, len: before(each) })).filter(({ len }) => len > 0);
  return gone.length ? encode(gone) : null;
}

const weigh = (update) => [update.length, Y.decodeUpdate(update).structs.length];

function split(update) {
  const [bytes, structs] = weigh(update);
  if (bytes <= MOST_BYTES && structs <= MOST_STRUCTS) return [update];
  const parts = halves(update);
  return parts.length ? parts.flatMap(split) : [update];
}

// In the order they were made, and what is deleted last.
function thingsIn(update) {
  const { structs, ds } = Y.decodeUpdate(update);
  const deleted = [...ds.clients].flatMap(([client, ranges]) => ranges.map(({ clock, len }) => ({ client, clock, len })));
  return [...structs.filter((struct) => !(struct instanceof Y.Skip)), ...deleted];
}

function encode(things) {
  const encoder = new Y.UpdateEncoderV1();
  const runs = grouped(things.filter((thing) => thing instanceof Y.AbstractStruct), ({ id }) => id.client);
  encoder.writeLen(runs.size);
  for (const [client, structs] of runs) {
    const whole = withoutHoles(structs);
    encoder.writeLen(whole.length);
    encoder.writeClient(client);
    encoder.writeLen(whole[0].id.clock);
    whole.forEach((struct) => struct.write(encoder, 0));
  }
  const deleted = grouped(things.filter((thing) => !(thing instanceof Y.AbstractStruct)), ({ client }) => client);
  encoder.writeLen(deleted.size);
  for (const [client, ranges] of deleted) {
    encoder.resetDsCurVal();
    encoder.writeLen(client);
    encoder.writeLen(ranges.length);
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock);
      encoder.writeDsLen(len);
    }
  }
  return encoder.toUint8Array();
}

function grouped(things, of) {
  const groups = new Map();
  for (const thing of things) {
    const key = of(thing);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(thing);
  }
  return groups;
}

// Each author's pieces are counted on from the first.
function withoutHoles(structs) {
  const whole = [];
  for (const struct of structs) {
    const before = whole[whole.length - 1];
    const end = before ? before.id.clock + before.length : struct.id.clock;
    if (end < struct.id.clock) whole.push(new Y.Skip(Y.createID(struct.id.client, end), struct.id.clock - end));
    whole.push(struct);
  }
  return whole;
}
