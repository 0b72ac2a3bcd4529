// @ts-check
// What happens when something comes that nobody sees: a number on the tab, on the title, and (when wished) a notification.

const WISHED = "lancollab.chat.notify";

export class Attention {
  #count = 0;
  #visible = false;

  /** @param {HTMLElement} region @param {(count: number) => void} show @param {() => void} seen Called when the reader is there again. */
  constructor(region, show, seen) {
    this.showBadge = show;
    this.seen = seen;
    new IntersectionObserver((entries) => {
      this.#visible = entries[entries.length - 1].isIntersecting;
      this.#check();
    }).observe(region);
    document.addEventListener("visibilitychange", () => this.#check());
    window.addEventListener("focus", () => this.#check());
  }

  /** The panel is in view of somebody. */
  get here() { return this.#visible && !document.hidden; }

  /** Notifications are wished for and allowed. */
  get on() { return localStorage.getItem(WISHED) === "yes" && "Notification" in window && Notification.permission === "granted"; }

  /** @returns {Promise<string>} What to tell the person. */
  async toggle() {
    if (this.on) {
      localStorage.setItem(WISHED, "no");
      return "You are not notified any more.";
    }
    if (!("Notification" in window) || (await Notification.requestPermission()) !== "granted") return "The browser does not allow notifications for this page.";
    localStorage.setItem(WISHED, "yes");
    return "You are notified when somebody writes to you or mentions you.";
  }

  /** A line came. @param {import("./thread.js").Line} line @param {boolean} personal It is for this person or mentions them. @param {() => void} open */
  came(line, personal, open) {
    if (this.here) return;
    this.#show(this.#count + 1);
    if (!personal || !this.on) return;
    const note = new Notification(line.toName ? `${line.name}, to you only` : `${line.name} mentioned you`, { body: line.text.slice(0, 200), tag: `chat-${line.seq}` });
    note.onclick = () => { window.focus(); open(); note.close(); };
  }

  #check() {
    if (!this.here) return;
    if (this.#count > 0) this.#show(0);
    this.seen();
  }

  /** @param {number} count */
  #show(count) {
    this.#count = count;
    this.showBadge(count);
    const plain = document.title.replace(/^\(\d+\) /, "");
    document.title = count > 0 ? `(${count}) ${plain}` : plain;
  }
}
