// @ts-check

const MESSAGES = {
  network: "没有连上网站，搜索暂时用不了。请检查网络后重试。",
  missing: "搜索索引缺少文件，可能网站正在更新。请刷新页面后重试。",
  damaged: "搜索索引的文件不完整，可能没有传完。请重试；还不行，请告诉网站的维护人。",
  version: "页面和搜索索引的版本不一样。请刷新页面；还不行，请清除浏览器缓存后再打开。",
  unsupported: "浏览器太旧，搜索用不了。请换用新版的 Chrome、Edge、Firefox 或 Safari。",
  internal: "搜索出了错，这是程序的问题。请把刚才输入的内容告诉网站的维护人。",
};

/** @typedef {keyof typeof MESSAGES} ErrorCode */

/** What went wrong, in words for the reader. Trying again is always possible. */
export class SearchError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {string} [detail] for those who look after the site: which file, which status
   */
  constructor(code, detail = "") {
    super(MESSAGES[code]);
    this.name = "SearchError";
    this.code = code;
    this.detail = detail;
  }
}
