// @ts-check
// The fields of the tab "Sound".

/** @param {string} tag @param {string} className @param {string} [content] */
export function text(tag, className, content = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = content;
  return made;
}

/** Fields, or options of a select, under one heading. @param {string} title @param {...HTMLElement} items @returns {HTMLElement} */
export function group(title, ...items) {
  if (items[0] instanceof HTMLOptionElement || items.length === 0) {
    const options = Object.assign(document.createElement("optgroup"), { label: title });
    options.append(...items);
    return options;
  }
  const box = text("fieldset", "audio-group");
  box.append(text("legend", "", title), ...items);
  return box;
}

/** @param {string} label @param {HTMLElement} input */
export function labelled(label, input) {
  const box = text("label", "audio-field");
  box.append(text("span", "", label), input);
  return box;
}

/** @param {string} label @param {string[][]} options @param {(value: string) => void} changed */
export function select(label, options, changed) {
  const input = document.createElement("select");
  input.className = "input";
  for (const [value, name] of options) input.add(new Option(name, value));
  input.onchange = () => { changed(input.value); input.blur(); };
  return { input, box: labelled(label, input) };
}

/** @param {string} label @param {{min: number, max: number, unit: string}} range @param {(value: number) => void} changed */
export function slider(label, range, changed) {
  const input = document.createElement("input");
  Object.assign(input, { type: "range", min: range.min, max: range.max, step: 1 });
  const figure = text("output", "");
  const show = () => { figure.textContent = `${input.value}${range.unit}`; };
  input.oninput = show;
  input.onchange = () => { changed(Number(input.value)); input.blur(); };
  const box = labelled(label, input);
  box.append(figure);
  return { box, set: (/** @type {number} */ value) => { input.value = String(value); show(); } };
}

/** @param {string} label @param {(on: boolean) => void} changed */
export function toggle(label, changed) {
  const input = document.createElement("input");
  input.type = "checkbox";
  input.onchange = () => changed(input.checked);
  const box = text("label", "audio-switch");
  box.append(input, text("span", "", label));
  return { input, box };
}

/** @param {string} label @param {(value: string) => void} changed */
export function field(label, changed) {
  const input = document.createElement("input");
  Object.assign(input, { className: "input", maxLength: 64 });
  input.onchange = () => changed(input.value);
  return { box: labelled(label, input) };
}
