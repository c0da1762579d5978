// The same for the index and for queries: words of the platform's segmenter, as MiniSearch's threads on Chinese advise.
const segmenter = new Intl.Segmenter("zh", { granularity: "word" });

export const OPTIONS = {
  fields: ["title", "text"],
  storeFields: ["title"],
  tokenize: (text) => Array.from(segmenter.segment(text)).filter((part) => part.isWordLike).map((part) => part.segment),
  searchOptions: { boost: { title: 2 }, combineWith: "OR" },
};
