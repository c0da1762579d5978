// @ts-check
// Runs last in the second script: the first one has fetched it, and finds here what it asked for.

import { advise, mask, prepareAdvice } from "../adviser.js";
import { similar } from "../similar.js";

/** @type {any} */ (globalThis).kbAdvice = { similar, advise, mask, prepareAdvice };
