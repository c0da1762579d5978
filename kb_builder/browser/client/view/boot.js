// @ts-check
// Runs on every page: the box in the header, or the search page, or the marks on the page of a hit.

import { Box } from "./box.js";
import { complaint } from "./entrance.js";
import { Memory } from "./memory.js";
import { SearchPage } from "./page.js";
import { showMarks } from "./marks.js";
import { Site } from "./address.js";
import { onShortcut } from "./typing.js";
import { precedents } from "./summon.js";

const form = document.querySelector('form[data-kbs="box"]');
const page = document.querySelector('[data-kbs="page"]');
const place = document.querySelector('[data-kbs="precedents"]');
const content = document.querySelector(".md-content");

/**
 * @param {HTMLElement} place
 * @param {Site} site
 */
function showPanel(place, site) {
  precedents()
    .then(({ Panel }) => {
      const panel = new Panel(site);
      place.replaceChildren(panel.root);
      panel.prepare();
      if (window.matchMedia("(min-width: 45em)").matches) panel.focus();
    })
    .catch((error) => place.replaceChildren(complaint(error, () => showPanel(place, site))));
}

if (form instanceof HTMLFormElement) {
  // The form's address is that of the search page, one level below the site's root.
  const root = new URL("../", form.action).href;
  const site = new Site(root);
  const memory = new Memory(root);
  if (page instanceof HTMLElement) {
    const search = new SearchPage(page, site, memory);
    search.start();
    onShortcut(() => {
      search.input.focus();
      search.input.select();
    });
  } else {
    const box = new Box(form, site, memory);
    box.start();
    onShortcut(() => box.focus());
    if (place instanceof HTMLElement) {
      showPanel(place, site);
    } else if (content instanceof HTMLElement) {
      void showMarks(content);
      // A link to the page one is on, with another search: the page is not loaded anew.
      window.addEventListener("hashchange", () => /^#q=/.test(location.hash) && location.reload());
    }
  }
  document.documentElement.setAttribute("data-kbs-ready", "");
}
