// @ts-check
// What a reader puts into a field, however: keys, paste, drop, dictation, an input method.

/**
 * Call `react` whenever the text has changed, but not while an input method is still composing it.
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {() => void} react
 */
export function onTyping(input, react) {
  let composing = false;
  let last = input.value;
  const look = () => {
    if (input.value === last) return;
    last = input.value;
    react();
  };
  input.addEventListener("compositionstart", () => {
    composing = true;
    last = input.value;
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    last = "\0"; // What was there before composing may be there again, and must be shown again.
    look();
  });
  input.addEventListener("input", (event) => {
    // The value may have been set by us since; the event says that the reader changed it.
    if (composing || /** @type {InputEvent} */ (event).isComposing) return;
    last = input.value;
    react();
  });
}

/**
 * What was pasted into a field of one line, with the line breaks that the field has taken out of it.
 * @param {HTMLInputElement} input
 * @returns {() => string} the text, as far as it is still what was pasted
 */
export function keepLines(input) {
  let pasted = "";
  input.addEventListener("paste", ({ clipboardData }) => {
    pasted = clipboardData ? clipboardData.getData("text/plain") : "";
  });
  return () => (pasted.replace(/[\r\n]+/g, "") === input.value.replace(/[\r\n]+/g, "") ? pasted : input.value);
}

/**
 * Whether a key belongs to an input method: Enter then takes a candidate. Safari ends the composition before
 * it tells of the key, and leaves only the number 229.
 * @param {KeyboardEvent} event
 */
export const composes = (event) => event.isComposing || event.keyCode === 229;

/**
 * Focus the field by `/`, Ctrl-K or ⌘K.
 * @param {() => void} focus
 */
export function onShortcut(focus) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || composes(event)) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    const writes = target !== null && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !writes;
    if (!command && !slash) return;
    event.preventDefault();
    focus();
  });
}
