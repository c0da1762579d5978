// @ts-check
// One question at a time; of those asked meanwhile only the newest.

/**
 * @template Question, Answer
 */
export class Latest {
  /**
   * @param {(question: Question) => Promise<Answer>} find
   * @param {(answer: Answer, question: Question) => void} show
   * @param {(error: unknown, question: Question) => void} fail
   */
  constructor(find, show, fail) {
    this.find = find;
    this.show = show;
    this.fail = fail;
    /** @type {{question: Question} | null} */
    this.next = null;
    this.running = false;
    this.round = 0;
  }

  /** @param {Question} question */
  ask(question) {
    this.next = { question };
    if (!this.running) void this.run();
  }

  /** Whatever is under way is no longer wanted. */
  drop() {
    this.next = null;
    this.round++;
  }

  async run() {
    this.running = true;
    while (this.next) {
      const { question } = this.next;
      const round = ++this.round;
      this.next = null;
      /** @type {() => void} */
      let tell;
      try {
        const answer = await this.find(question);
        tell = () => this.show(answer, question);
      } catch (error) {
        tell = () => this.fail(error, question);
      }
      if (!this.next && this.round === round) {
        this.running = false;
        tell();
        return;
      }
    }
    this.running = false;
  }
}
