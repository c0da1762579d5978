// FlexSearch with an exported index. `suggest` finds documents that lack some of the terms.
import { Charset, Document } from "./flexsearch.bundle.module.min.js";
import { optionsWith } from "./flexsearch_options.js";

const open = async () => {
  const index = new Document(optionsWith(Charset));
  const parts = await (await fetch("index.json")).json();
  for (const [key, data] of Object.entries(parts)) await index.import(key, data);
  return index;
};
const opening = open();

globalThis.peer = {
  ready: opening.then(() => true),
  search: async (text) => {
    const hits = (await opening).search(text, { limit: 10, suggest: true, merge: true, enrich: true });
    return hits.slice(0, 10).map(({ id }) => id);
  },
};
