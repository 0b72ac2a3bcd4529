// @ts-check
// How sizes, rates and times are written. No DOM.

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** 1536000 -> "1.5 MB"; powers of 1000, as file managers show them. @param {number} bytes @returns {string} */
export function formatSize(bytes) {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be written as 1000: it belongs to the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** @param {number} bytesPerSecond @returns {string} */
export const formatRate = (bytesPerSecond) => `${formatSize(bytesPerSecond)}/s`;

/**
 * "12 s left"; empty while nothing can be said.
 * @param {number} missing bytes @param {number} rate bytes per second @returns {string}
 */
export function formatRemaining(missing, rate) {
  if (!(rate > 0) || !(missing > 0)) return "";
  const seconds = Math.ceil(missing / rate);
  if (seconds < 60) return `${seconds} s left`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min left`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min left`;
  return "more than a day left";
}

/** 0 to 100; an empty file is complete. @param {number} done @param {number} total @returns {number} */
export const percent = (done, total) => (total > 0 ? Math.min(100, Math.floor((done * 100) / total)) : 100);

/**
 * The time of today, otherwise day and time.
 * @param {string} iso @param {Date} now @param {string} [locale]
 */
export function formatWhen(iso, now, locale) {
  const at = new Date(iso);
  const time = at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.toLocaleDateString(locale, { day: "numeric", month: "short" })}, ${time}`;
}

/** What stands on a file's tile: "PDF"; "FILE" when the name has no short extension. @param {string} name @returns {string} */
export function kindOf(name) {
  const match = /[^.]\.([A-Za-z0-9]{1,4})$/.exec(name);
  return match ? match[1].toUpperCase() : "FILE";
}

/** Pictures that a browser shows; SVG is none of them, it can run scripts. */
const PICTURE = /\.(png|jpe?g|gif|webp|bmp|avif)$/i;
const READABLE = /\.(pdf|txt|md|log|csv|tsv|json|xml|ya?ml|toml|ini|conf|cs|m?js|ts|py|c|h|[ch]pp|java|rs|go|rb|sh|ps1|sql|css|html?|svg|diff|patch|srt)$/i;
const THUMBNAIL_MOST = 8_000_000;

/** True for a picture that is small enough to be fetched for a look. @param {{name: string, size: number, files?: number}} file */
export const hasThumbnail = (file) => !file.files && PICTURE.test(file.name) && file.size > 0 && file.size <= THUMBNAIL_MOST;

/** True for what the daemon sends to be looked at and not saved. @param {{name: string, files?: number}} file */
export const hasPreview = (file) => !file.files && (PICTURE.test(file.name) || READABLE.test(file.name));

/**
 * All transfers in one line: "3 transfers · 1.2 GB of 4.0 GB · 80 MB/s · 35 s left".
 * @param {{done: number, total: number, rate: number}[]} transfers
 */
export function describeTotal(transfers) {
  const sum = (/** @type {(t: {done: number, total: number, rate: number}) => number} */ of) => transfers.reduce((total, t) => total + of(t), 0);
  const [done, total, rate] = [sum((t) => t.done), sum((t) => t.total), sum((t) => t.rate)];
  const moving = rate > 0 ? [formatRate(rate), formatRemaining(total - done, rate)] : [];
  return [`${transfers.length} transfers`, `${formatSize(done)} of ${formatSize(total)}`, ...moving].filter(Boolean).join(" · ");
}

/**
 * The line below a transfer's bar.
 * @param {{done: number, total: number, rate: number, state: string, direction: string, reason?: string}} t
 */
export function describe(t) {
  if (t.state === "failed") return t.reason ?? "It did not work.";
  if (t.state === "cancelled") return "Cancelled";
  if (t.state === "done") return t.direction === "up" ? "Shared" : "Saved";
  const amount = `${formatSize(t.done)} of ${formatSize(t.total)}`;
  if (t.state === "paused") return `${amount} · Paused`;
  if (t.state === "waiting") return [amount, t.reason ?? "Waiting"].join(" · ");
  const moving = t.rate > 0 ? [formatRate(t.rate), formatRemaining(t.total - t.done, t.rate)] : [];
  return [amount, ...moving].filter(Boolean).join(" · ");
}
