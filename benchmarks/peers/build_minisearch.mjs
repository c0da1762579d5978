// Write MiniSearch's index: node build_minisearch.mjs DOCUMENTS SITE MODULES
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { OPTIONS } from "./pages/minisearch_options.js";

const [documents, site, modules] = process.argv.slice(2);
const { default: MiniSearch } = await import(pathToFileURL(`${modules}/minisearch/dist/es/index.js`).href);
const index = new MiniSearch(OPTIONS);
index.addAll(JSON.parse(readFileSync(documents, "utf8")));
writeFileSync(`${site}/index.json`, JSON.stringify(index));
