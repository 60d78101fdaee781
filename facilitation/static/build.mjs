// Bundles src/ into dist/ under hashed names, beside a manifest; `--check` only compares, `--strict` wants every entry.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import zopfli from "@gfx/zopfli";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "dist");
const ENTRIES = [
  "phone.js", "projector.js", "cockpit.js", "sheet.js", "office.js", "receipt.js", "own.js", "kiosk.js", "paper.js", "paper.css",
  "phone.css", "projector.css", "cockpit.css", "sheet.css", "office.css", "book.css",
];
const NOTICES = "third-party.txt";
const check = process.argv.includes("--check");
const strict = check || process.argv.includes("--strict");

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

function entryPoints() {
  const missing = ENTRIES.filter((name) => !existsSync(join(HERE, "src", name)));
  if (missing.length > 0 && strict) stop(`These entries are not in src/: ${missing.join(", ")}.`);
  if (missing.length > 0) console.warn(`Skipped, not written yet: ${missing.join(", ")}.`);
  return ENTRIES.filter((name) => !missing.includes(name)).map((name) => `src/${name}`);
}

// WebTransport wants HTTPS and a server of its own; a hall has neither, and every phone would carry it.
const leaveOut = {
  name: "leave-out",
  setup: ({ onLoad }) =>
    onLoad({ filter: /engine\.io-client\/build\/esm\/transports\/webtransport\.js$/ }, () => ({ contents: "export class WT {}" })),
};

async function bundle() {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: entryPoints(),
    outdir: "dist",
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    plugins: [leaveOut],
    minify: true,
    write: false,
    metafile: true,
    // One closed script per page, so that it loads with or without type="module".
    format: "iife",
    platform: "browser",
    target: ["es2020", "chrome87", "firefox78", "safari14.1"],
    charset: "utf8",
    logLimit: 10,
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
  });
  if (strict && result.warnings.length > 0) stop("The build gave the warnings above; they count as errors.");
  return result;
}

function manifestOf(outputs) {
  const pairs = Object.entries(outputs).map(([path, output]) => {
    const source = output.entryPoint ?? Object.keys(output.inputs)[0];
    return [basename(source), basename(path)];
  });
  return Object.fromEntries(pairs.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function noticesOf(inputs) {
  const packages = new Set();
  for (const path of Object.keys(inputs)) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found) packages.add(found[1]);
  }
  return [...packages].sort().map((name) => {
    const folder = join(HERE, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
    return `${name} ${version} (${license})\n\n${text}`.trim();
  }).join("\n\n----\n\n") + "\n";
}

const json = (value) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
const compressed = (name) => /\.(js|css|svg)$/.test(name);

/** A file of the last commit, or null: work in progress must not push the published build out. */
function committed(name) {
  try {
    const stdio = ["ignore", "pipe", "ignore"];
    return execFileSync("git", ["show", `HEAD:./dist/${name}`], { cwd: HERE, stdio, maxBuffer: 1 << 28 });
  } catch {
    return null;
  }
}

function previousOf(manifest) {
  const former = JSON.parse(committed("manifest.json") ?? "{}");
  if (JSON.stringify(former) === JSON.stringify(manifest)) return JSON.parse(committed("previous.json") ?? "[]");
  return Object.values(former).filter((name) => !Object.values(manifest).includes(name)).sort();
}

function onDisk(name) {
  const path = join(DIST, name);
  return existsSync(path) ? readFileSync(path) : null;
}

/** Compressors differ from one Node to the next: what counts is what a browser unpacks. */
async function packed(name, bytes) {
  const kept = onDisk(`${name}.gz`);
  // Slower than Node's own, once; each phone then loads 4 % less.
  return kept && gunzipSync(kept).equals(bytes) ? kept : Buffer.from(await zopfli.gzipAsync(bytes, {}));
}

async function write(files, previous) {
  mkdirSync(DIST, { recursive: true });
  for (const name of previous) {
    const bytes = onDisk(name) ?? committed(name);
    if (bytes) files.set(name, bytes);
  }
  for (const [name, bytes] of [...files]) if (compressed(name)) files.set(`${name}.gz`, await packed(name, bytes));
  for (const name of readdirSync(DIST)) if (!files.has(name)) rmSync(join(DIST, name));
  for (const [name, bytes] of files) if (!onDisk(name)?.equals(bytes)) writeFileSync(join(DIST, name), bytes);
}

function compare(files) {
  const previous = JSON.parse(onDisk("previous.json") ?? "[]");
  const expected = [...files.keys(), ...previous, "previous.json"];
  expected.push(...expected.filter(compressed).map((name) => `${name}.gz`));
  const present = existsSync(DIST) ? readdirSync(DIST) : [];
  const faults = [
    ...expected.filter((name) => !present.includes(name)).map((name) => `${name} is missing`),
    ...present.filter((name) => !expected.includes(name)).map((name) => `${name} is not from this build`),
    ...[...files].filter(([name, bytes]) => present.includes(name) && !onDisk(name).equals(bytes))
      .map(([name]) => `${name} differs`),
    ...present.filter((name) => name.endsWith(".gz") && present.includes(name.slice(0, -3)))
      .filter((name) => !gunzipSync(onDisk(name)).equals(onDisk(name.slice(0, -3)))).map((name) => `${name} is stale`),
  ];
  if (faults.length > 0) stop(`dist/ does not match src/ (run \`make front\`):\n  ${faults.join("\n  ")}`);
  console.log(`dist/ matches src/: ${files.size} files.`);
}

function report(manifest, files) {
  for (const [source, name] of Object.entries(manifest)) {
    const size = compressed(name) ? `, ${files.get(`${name}.gz`).length} gzipped` : "";
    console.log(`${source.padEnd(32)} ${name.padEnd(44)} ${files.get(name).length}${size}`);
  }
}

const { outputFiles, metafile } = await bundle();
const manifest = manifestOf(metafile.outputs);
const files = new Map(outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]));
files.set("manifest.json", json(manifest));
files.set(NOTICES, Buffer.from(noticesOf(metafile.inputs)));
if (check) {
  compare(files);
} else {
  const previous = previousOf(manifest);
  files.set("previous.json", json(previous));
  await write(files, previous);
  report(manifest, files);
}
