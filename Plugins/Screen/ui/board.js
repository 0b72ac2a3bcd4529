// @ts-check
// What people draw over the picture, and where they point: an SVG in picture coordinates, so that everything stays put at every zoom.

const SVG = "http://www.w3.org/2000/svg";
const POINT_MS = 1800, SEND_MS = 40, MOST_POINTS = 500;

/** @typedef {{id: string, name: string, colour: number, stroke: number, points: number[]}} Line */
/** @typedef {"look" | "point" | "draw"} Tool */

/** @param {string} tag @param {Record<string, string | number>} attributes */
function shape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

export class Board {
  /** The layer. */
  element = /** @type {SVGSVGElement} */ (shape("svg", { class: "screen-board", "aria-hidden": "true" }));
  #lines = shape("g", {});
  #points = shape("g", {});
  /** @type {Map<string, Element>} */ #drawn = new Map();
  /** @type {Map<string, {mark: Element, timer: ReturnType<typeof setTimeout>}>} */ #pointers = new Map();
  /** @type {Tool} */ #tool = "look";
  /** Begins anywhere: two pages of one person must not share lines. */ #stroke = Math.floor(Math.random() * 1e9);
  /** @type {number[]} */ #coming = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #sending;
  #place;
  #send;

  /**
   * @param {(event: PointerEvent) => {x: number, y: number}} place
   * @param {{point: (x: number, y: number) => void, draw: (stroke: number, points: number[]) => void}} send
   */
  constructor(place, send) {
    this.#place = place;
    this.#send = send;
    this.element.append(this.#lines, this.#points);
    this.element.addEventListener("pointerdown", (event) => this.#down(event));
    this.element.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) this.element.addEventListener(end, () => this.#up());
  }

  /** @param {number} width @param {number} height Of the picture. */
  resize(width, height) {
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  /** @param {Tool} tool */
  use(tool) {
    this.#tool = tool;
    this.element.dataset.tool = tool;
  }

  /** All lines that are there. @param {Line[]} lines */
  replace(lines) {
    this.erase({});
    for (const line of lines) this.add(line);
  }

  /** More of a line. @param {Line} line */
  add({ id, name, colour, stroke, points }) {
    const key = `${id} ${stroke}`;
    let drawn = this.#drawn.get(key);
    if (!drawn) {
      drawn = shape("polyline", { class: `screen-line screen-colour-${colour}`, "data-id": id, points: "" });
      drawn.append(shape("title", {}));
      /** @type {Element} */ (drawn.firstChild).textContent = name;
      this.#drawn.set(key, drawn);
      this.#lines.append(drawn);
    }
    drawn.setAttribute("points", `${drawn.getAttribute("points")} ${points.map((value) => Math.round(value * 10) / 10).join(" ")}`.trim());
  }

  /** @param {{id?: string | null, stroke?: number | null}} gone */
  erase({ id, stroke }) {
    for (const [key, drawn] of this.#drawn) {
      const [owner, number] = key.split(" ");
      if ((id && owner !== id) || (typeof stroke === "number" && Number(number) !== stroke)) continue;
      drawn.remove();
      this.#drawn.delete(key);
    }
  }

  /** Somebody points; it fades by itself. @param {{id: string, name: string, colour: number, x: number, y: number}} pointed */
  point({ id, name, colour, x, y }) {
    const known = this.#pointers.get(id);
    const mark = known?.mark ?? this.#newMark(name, colour);
    clearTimeout(known?.timer);
    mark.setAttribute("transform", `translate(${x} ${y})`);
    // A fresh one: the fading begins anew.
    mark.classList.remove("fading");
    void mark.getBoundingClientRect();
    mark.classList.add("fading");
    this.#pointers.set(id, { mark, timer: setTimeout(() => this.#forget(id), POINT_MS) });
  }

  /** Marks keep their size on the page. @param {number} scale */
  scale(scale) {
    this.element.style.setProperty("--unscale", String(1 / scale));
  }

  /** @param {string} name @param {number} colour */
  #newMark(name, colour) {
    const mark = shape("g", { class: `screen-laser screen-colour-${colour}` });
    const inner = shape("g", { class: "screen-unscaled" });
    const label = shape("text", { x: 14, y: 5 });
    label.textContent = name;
    inner.append(shape("circle", { r: 7 }), label);
    mark.append(inner);
    this.#points.append(mark);
    return mark;
  }

  /** @param {string} id */
  #forget(id) {
    this.#pointers.get(id)?.mark.remove();
    this.#pointers.delete(id);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.#tool === "look" || event.button !== 0) return;
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    if (this.#tool === "draw") this.#stroke++;
    this.#add(event);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#tool === "point" || (this.#tool === "draw" && this.element.hasPointerCapture(event.pointerId))) this.#add(event);
  }

  #up() {
    if (this.#tool === "draw") this.#flush();
  }

  /** @param {PointerEvent} event */
  #add(event) {
    const { x, y } = this.#place(event);
    if (this.#tool === "draw") this.#coming.push(x, y);
    else this.#coming = [x, y];
    this.#sending ??= setTimeout(() => this.#flush(), SEND_MS);
  }

  #flush() {
    clearTimeout(this.#sending);
    this.#sending = undefined;
    const points = this.#coming;
    this.#coming = [];
    if (points.length === 0) return;
    if (this.#tool === "point") this.#send.point(points[0], points[1]);
    else for (let at = 0; at < points.length; at += MOST_POINTS) this.#send.draw(this.#stroke, points.slice(at, at + MOST_POINTS));
  }
}
