// Our client by its public entrance; hits come with excerpts.
globalThis.peer = {
  ready: globalThis.kbSearch.ready,
  search: async (text) => (await globalThis.kbSearch.search(text)).hits.map(({ id }) => id),
};
