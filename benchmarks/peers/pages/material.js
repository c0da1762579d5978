// Material's own worker, spoken to as Material's page does (its integrations/search/worker/message).
const SETUP = 0;
const QUERY = 2;
const worker = new Worker("assets/javascripts/workers/search.js");
let answered = () => {};
worker.onmessage = ({ data }) => answered(data);

const ask = (message) =>
  new Promise((resolve) => {
    answered = resolve;
    worker.postMessage(message);
  });

const open = async () => {
  const { config, docs } = await (await fetch("search/search_index.json")).json();
  return ask({ type: SETUP, data: { config, docs, options: { suggest: false } } });
};

globalThis.peer = {
  ready: open(),
  search: async (text) => {
    const { data } = await ask({ type: QUERY, data: text });
    // One group a page, the best first.
    return data.items.slice(0, 10).map(([{ location }]) => location.split("/")[1]);
  },
};
