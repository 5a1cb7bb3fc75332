// Bundles src/ into the one file that partwise puts into view.html. `--check` only says whether that file is current.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const asset = here("../src/partwise/viewer/assets/viewer.js");
const licence = readFileSync(here("node_modules/three/LICENSE"), "utf8").trim();

const result = await build({
  entryPoints: [here("src/index.js")],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  globalName: "PartwiseViewer",
  target: "es2022",
  charset: "utf8",
  legalComments: "inline",
  loader: { ".css": "text" },
  banner: { js: `/*! partwise viewer, MIT License. Contains three.js:\n\n${licence}\n*/` },
});
const text = result.outputFiles[0].text;

if (process.argv.includes("--check")) {
  if (readFileSync(asset, "utf8") !== text) {
    console.error(`${asset} is not what viewer/src builds to; run make viewer`);
    process.exit(1);
  }
} else {
  writeFileSync(asset, text);
  console.log(`${asset}: ${Math.round(text.length / 1000)} kB`);
}
