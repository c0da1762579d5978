// FlexSearch's preset for Chinese, Japanese and Korean: every character is a term. With `context`, so is every two
// neighbours, without which its order is far worse. Title and text are one field, the title in front, where FlexSearch
// gives more weight: of several fields, it lists all that the first one found before what the next one did.
export const optionsWith = (charset) => ({
  encoder: charset.CJK,
  context: true,
  document: { id: "id", index: ["all"], store: ["title"] },
});

export const documentOf = ({ id, title, text }) => ({ id, title, all: `${title} ${text}` });
