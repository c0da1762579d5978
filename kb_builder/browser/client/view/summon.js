// @ts-check
// 找先例 is a script of its own, fetched when it is asked for: most readers search.

import { AbsentError } from "./entrance.js";
import { element } from "./dom.js";

/** @typedef {{Panel: typeof import("./precedents/panel.js").Panel, openPrecedents: typeof import("./precedents/overlay.js").openPrecedents}} Precedents */

const ABSENT = "“找先例”没有加载成功。检查一下网络，再试一次。";

// While a script runs, it can say where it came from; its second part lies beside it.
const own = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : "";

/** @type {Promise<Precedents> | null} */
let loading = null;

/**
 * 找先例; asked for again if it could not be fetched.
 * @returns {Promise<Precedents>}
 */
export function precedents() {
  if (!loading) {
    loading = fetchScript();
    loading.catch(() => (loading = null));
  }
  return loading;
}

/** @returns {Promise<Precedents>} */
function fetchScript() {
  const scope = /** @type {any} */ (globalThis);
  const { version } = scope.kbViewModules;
  return new Promise((resolve, reject) => {
    const script = element("script", { src: new URL(`search-precedents.${version}.js`, own).href });
    script.onload = script.onerror = () => {
      script.remove();
      if (scope.kbPrecedents) resolve(scope.kbPrecedents);
      else reject(new AbsentError(ABSENT));
    };
    document.head.append(script);
  });
}
