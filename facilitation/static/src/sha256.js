// SHA-256 of a short text, as hexadecimal: pages over plain HTTP have no crypto.subtle.

const primes = [];
for (let number = 2; primes.length < 64; number += 1) if (primes.every((prime) => number % prime)) primes.push(number);

const fraction = (value) => ((value - Math.floor(value)) * 2 ** 32) >>> 0;
const K = primes.map((prime) => fraction(Math.cbrt(prime)));
const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const turn = (word, by) => (word >>> by) | (word << (32 - by));

export function sha256(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const length = bytes.length * 8;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  bytes.push(0, 0, 0, 0, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255);
  let state = START;
  for (let at = 0; at < bytes.length; at += 64) state = block(state, bytes.slice(at, at + 64));
  return state.map((word) => word.toString(16).padStart(8, "0")).join("");
}

function block(before, bytes) {
  const words = Array.from({ length: 16 }, (_, index) => bytes.slice(index * 4, index * 4 + 4).reduce((word, byte) => (word << 8) | byte, 0));
  for (let index = 16; index < 64; index += 1) {
    const [one, other] = [words[index - 15], words[index - 2]];
    const low = turn(one, 7) ^ turn(one, 18) ^ (one >>> 3);
    const high = turn(other, 17) ^ turn(other, 19) ^ (other >>> 10);
    words.push((words[index - 16] + low + words[index - 7] + high) | 0);
  }
  let [a, b, c, d, e, f, g, h] = before;
  for (let index = 0; index < 64; index += 1) {
    const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[index] + words[index]) | 0;
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + before[index]) >>> 0);
}
