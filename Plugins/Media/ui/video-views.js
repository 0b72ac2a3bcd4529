// @ts-check
// What is displayed of whom, and how high: the hub sends nothing larger, and nothing at all of who is out of sight.

/** While a window is being resized or scrolled nothing is asked for. */
const SETTLED_MS = 150;
/** A change below this share of the height is none. */
const ALIKE = 0.08;

/**
 * The views that have changed; `sent` is brought up to date. No DOM.
 * @param {Map<string, number>} sent What the daemon was told: device pixels by person, 0 out of sight.
 * @param {Map<string, number>} now
 * @returns {{id: string, height: number}[]} The highest first.
 */
export function changedViews(sent, now) {
  const changed = [];
  for (const [id, height] of now) {
    const before = sent.get(id);
    if (before !== undefined && (before > 0) === (height > 0) && Math.abs(before - height) <= ALIKE * before) continue;
    sent.set(id, height);
    changed.push({ id, height });
  }
  for (const id of [...sent.keys()]) if (!now.has(id)) sent.delete(id);
  return changed.sort((a, b) => b.height - a.height);
}

/** Watches the tiles. */
export class Views {
  /** @param {(views: {id: string, height: number}[]) => Promise<unknown>} ask */
  constructor(ask) {
    this.ask = ask;
    /** @type {Map<string, number>} */
    this.sent = new Map();
    /** @type {Map<Element, {id: string, seen: boolean, height: number}>} */
    this.watched = new Map();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.sizes = new ResizeObserver((entries) => this.#resized(entries));
    this.places = new IntersectionObserver((entries) => this.#moved(entries), { threshold: 0.05 });
    document.addEventListener("visibilitychange", () => this.#later());
  }

  /** @param {Element} element @param {string} id */
  watch(element, id) {
    this.watched.set(element, { id, seen: false, height: 0 });
    this.sizes.observe(element);
    this.places.observe(element);
  }

  /** @param {Element} element */
  forget(element) {
    this.watched.delete(element);
    this.sizes.unobserve(element);
    this.places.unobserve(element);
    this.#later();
  }

  /** Another camera, or another connection: what was said before does not count. @param {string} [id] None: of all. */
  repeat(id) {
    if (id) this.sent.delete(id);
    else this.sent.clear();
    this.#later();
  }

  /** @param {ResizeObserverEntry[]} entries */
  #resized(entries) {
    for (const { target, contentRect } of entries) {
      const view = this.watched.get(target);
      if (view) view.height = contentRect.height;
    }
    this.#later();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      const view = this.watched.get(target);
      if (view) view.seen = isIntersecting;
    }
    this.#later();
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#tell(), SETTLED_MS);
  }

  #tell() {
    const shown = document.visibilityState === "visible";
    const now = new Map([...this.watched.values()].map(({ id, seen, height }) => [id, shown && seen ? Math.round(height * devicePixelRatio) : 0]));
    const views = changedViews(this.sent, now);
    // Nobody is connected any more: all is said again when the connection is back.
    if (views.length > 0) this.ask(views).catch(() => this.sent.clear());
  }
}
