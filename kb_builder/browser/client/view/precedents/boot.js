// @ts-check
// Runs last in the second script of the pages: the first one has fetched it, and finds here what it asked for.

import { openPrecedents } from "./overlay.js";
import { Panel } from "./panel.js";

/** @type {any} */ (globalThis).kbPrecedents = { Panel, openPrecedents };
