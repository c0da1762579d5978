// Write FlexSearch's index: node build_flexsearch.mjs DOCUMENTS SITE MODULES
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { documentOf, optionsWith } from "./pages/flexsearch_options.js";

const [documents, site, modules] = process.argv.slice(2);
const bundle = `${modules}/flexsearch/dist/flexsearch.bundle.module.min.mjs`;
const { Charset, Document } = await import(pathToFileURL(bundle).href);
const index = new Document(optionsWith(Charset));
for (const document of JSON.parse(readFileSync(documents, "utf8"))) index.add(documentOf(document));
const parts = {};
await index.export((key, data) => {
  parts[key] = data;
});
writeFileSync(`${site}/index.json`, JSON.stringify(parts));
