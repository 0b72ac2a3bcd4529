// @ts-check
// How a picture is looked at: fitted, at its own size or at any other, moved about by dragging. All layers lie on one sheet, in picture coordinates.

const CLOSEST = 8, STEP = 1.25;

export class Viewport {
  #frame;
  #sheet;
  #changed;
  #size = { width: 1, height: 1 };
  /** null: as large as fits. @type {number | null} */ #zoom = null;
  /** @type {{x: number, y: number, left: number, top: number} | null} */ #grip = null;

  /**
   * @param {HTMLElement} frame Scrolls. @param {HTMLElement} sheet Within it, as large as the zoomed picture.
   * @param {(zoom: number, fits: boolean) => void} changed
   */
  constructor(frame, sheet, changed) {
    this.#frame = frame;
    this.#sheet = sheet;
    this.#changed = changed;
    new ResizeObserver(() => this.#apply()).observe(frame);
    frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.#take(event));
    frame.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, () => { this.#grip = null; });
  }

  /** What is seen at how many page pixels for one of the picture. */
  get scale() { return this.#zoom ?? this.#fitting(); }

  /** @param {number} width @param {number} height Of the picture. */
  resize(width, height) {
    if (width === this.#size.width && height === this.#size.height) return;
    this.#size = { width: Math.max(1, width), height: Math.max(1, height) };
    this.#apply();
  }

  fit() {
    this.#zoom = null;
    this.#apply();
  }

  /** One pixel of the picture on one of the display. */
  actual() { this.zoomTo(1 / devicePixelRatio); }

  /** @param {number} steps Positive: closer. */
  step(steps) { this.zoomTo(this.scale * STEP ** steps); }

  /**
   * @param {number} zoom @param {{x: number, y: number}} [fixed] What stays where it is, from the frame's top left; its middle if not named.
   */
  zoomTo(zoom, fixed) {
    const before = this.scale, frame = this.#frame;
    const { x, y } = fixed ?? { x: frame.clientWidth / 2, y: frame.clientHeight / 2 };
    const place = { x: (frame.scrollLeft + x) / before, y: (frame.scrollTop + y) / before };
    this.#zoom = Math.min(CLOSEST, Math.max(Math.min(.1, this.#fitting()), zoom));
    this.#apply();
    frame.scrollTo(place.x * this.#zoom - x, place.y * this.#zoom - y);
  }

  /** Where something on the page lies in the picture. @param {{clientX: number, clientY: number}} event */
  place(event) {
    const box = this.#sheet.getBoundingClientRect();
    const inside = (/** @type {number} */ value, /** @type {number} */ most) => Math.min(most, Math.max(0, value));
    return {
      x: inside((event.clientX - box.left) / box.width * this.#size.width, this.#size.width),
      y: inside((event.clientY - box.top) / box.height * this.#size.height, this.#size.height),
    };
  }

  #fitting() {
    const { width, height } = this.#size;
    return Math.min(this.#frame.clientWidth / width, this.#frame.clientHeight / height) || 1;
  }

  #apply() {
    const scale = this.scale;
    // Whole pixels: a fitting picture must not make bars appear.
    this.#sheet.style.width = `${Math.floor(this.#size.width * scale)}px`;
    this.#sheet.style.height = `${Math.floor(this.#size.height * scale)}px`;
    this.#sheet.classList.toggle("coarse", scale * devicePixelRatio >= 2);
    this.#frame.classList.toggle("zoomed", this.#zoom !== null);
    this.#changed(scale, this.#zoom === null);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = this.#frame.getBoundingClientRect();
    this.zoomTo(this.scale * STEP ** (-event.deltaY / 100), { x: event.clientX - box.left, y: event.clientY - box.top });
  }

  /** @param {PointerEvent} event */
  #take(event) {
    if (event.defaultPrevented || event.button !== 0 || this.#zoom === null) return;
    this.#grip = { x: event.clientX, y: event.clientY, left: this.#frame.scrollLeft, top: this.#frame.scrollTop };
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (this.#grip) this.#frame.scrollTo(this.#grip.left + this.#grip.x - event.clientX, this.#grip.top + this.#grip.y - event.clientY);
  }
}
