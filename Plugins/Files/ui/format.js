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

/**
 * The line below a transfer's bar.
 * @param {{done: number, total: number, rate: number, state: string, direction: string, reason?: string}} t
 */
export function describe(t) {
  if (t.state === "failed") return t.reason ?? "It did not work.";
  if (t.state === "cancelled") return "Cancelled";
  if (t.state === "done") return t.direction === "up" ? "Shared" : "Saved";
  const amount = `${formatSize(t.done)} of ${formatSize(t.total)}`;
  if (t.state === "waiting") return [amount, t.reason ?? "Waiting"].join(" · ");
  const moving = t.rate > 0 ? [formatRate(t.rate), formatRemaining(t.total - t.done, t.rate)] : [];
  return [amount, ...moving].filter(Boolean).join(" · ");
}
