// Builds src/lianqi/static/build from assets/ and the npm packages in package-lock.json.
// Usage: npm ci --ignore-scripts && node assets/build.mjs
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import path from "node:path";
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";

const root = fileURLToPath(new URL("..", import.meta.url));
const assets = path.join(root, "assets");
const source = path.join(root, "src/lianqi");
const out = path.join(source, "static/build");
const packages = path.join(root, "node_modules/@tabler");
const target = ["chrome111", "firefox128", "safari16.4"];

/** Every file below `folder` that ends with one of `endings`. */
async function filesBelow(folder, endings) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/** Replaces every call of a CSS function, however nested, by what `pick` makes of its inside. */
function withoutCalls(css, opening, pick) {
  for (let start = css.indexOf(opening); start >= 0; start = css.indexOf(opening)) {
    let depth = 1;
    let end = start + opening.length;
    for (; depth > 0; end += 1) depth += { "(": 1, ")": -1 }[css[end]] ?? 0;
    css = css.slice(0, start) + pick(css.slice(start + opening.length, end - 1)) + css.slice(end);
  }
  return css;
}

/** The text before the first comma or space that is not inside brackets. */
function firstPart(text) {
  let depth = 0;
  const end = [...text].findIndex((sign) => {
    depth += { "(": 1, ")": -1 }[sign] ?? 0;
    return depth === 0 && (sign === "," || sign === " ");
  });
  return text.slice(0, end);
}

/** Tabler without what no template names. Our own CSS is kept whole, and a class it defines is ours alone. */
async function usedTabler() {
  const templates = await filesBelow(source, [".html"]);
  const tags = await filesBelow(path.join(source, "kernel/templatetags"), [".py"]);
  const own = await filesBelow(path.join(assets, "css"), [".css"]);
  const ownText = (await Promise.all(own.map((file) => readFile(file, "utf8")))).join("\n");
  const ours = new Set([...ownText.matchAll(/\.([a-z][\w-]*)/gi)].map(([, name]) => name));
  for (const name of ["btn", "table", "table-cards"]) ours.delete(name); // built upon Tabler's
  const [result] = await new PurgeCSS().purge({
    content: [...templates, ...tags, path.join(assets, "app.js")],
    css: [path.join(packages, "core/dist/css/tabler.css")],
    safelist: { variables: [...new Set(ownText.match(/--tblr-[\w-]+/g))] },
    blocklist: [/data-bs-theme/, ...ours],
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  // Pictures inside the style sheet are drawings of form controls; ours are the browser's own.
  const plain = result.css.replace(/url\(("|')data:.*?\1\)/g, "none");
  // Younger than Chrome 111: take the light one of two colours, and the colour another is made from.
  return withoutCalls(withoutCalls(plain, "light-dark(", firstPart), "oklch(from ", firstPart);
}

const tabler = {
  name: "tabler",
  setup(bundle) {
    bundle.onResolve({ filter: /^tabler$/ }, () => ({ path: "tabler", namespace: "tabler" }));
    bundle.onLoad({ filter: /.*/, namespace: "tabler" }, async () => ({
      contents: await usedTabler(),
      loader: "css",
    }));
  },
};

/** One SVG of symbols, from the names in icons.txt; a name Tabler lacks stops the build. */
async function sprite() {
  const names = (await readFile(path.join(assets, "icons.txt"), "utf8")).split("\n").filter(Boolean);
  const symbols = names.map(async (name) => {
    const file = path.join(packages, "icons/icons/outline", `${name}.svg`);
    const inner = (await readFile(file, "utf8"))
      .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
      .replace(/\s+/g, " ")
      .trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${(await Promise.all(symbols)).join("")}</svg>\n`;
}

async function report() {
  let first = 0;
  for (const name of (await readdir(out)).sort()) {
    const bytes = await readFile(path.join(out, name));
    const zipped = gzipSync(bytes, { level: 9 }).length;
    if (name === "app.css" || name === "app.js") first += zipped;
    console.log(`${name.padEnd(16)} ${(bytes.length / 1000).toFixed(1).padStart(7)} kB, gzip ${(zipped / 1000).toFixed(1)} kB`);
  }
  console.log(`first page, without htmx: gzip ${(first / 1000).toFixed(1)} kB`);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const scripts = (await readdir(assets)).filter((name) => name.endsWith(".js"));
await build({
  entryPoints: scripts.map((name) => path.join(assets, name)),
  outdir: out,
  bundle: true,
  minify: true,
  charset: "utf8",
  target,
  logLevel: "warning",
});
const bundled = await build({
  entryPoints: [path.join(assets, "css/app.css")],
  plugins: [tabler],
  bundle: true,
  minify: true,
  write: false,
  charset: "utf8",
  target,
  logLevel: "warning",
});
const css = bundled.outputFiles[0].text;
const refused = css.match(/url\(|light-dark\(|\(from |@container|@scope|@starting-style/);
if (refused) throw new Error(`app.css has ${refused[0]}, which our policy or the oldest browser we serve refuses`);
await writeFile(path.join(out, "app.css"), css);
await writeFile(path.join(out, "icons.svg"), await sprite());
await writeFile(path.join(out, "favicon.svg"), await readFile(path.join(assets, "favicon.svg")));
await report();
