// @ts-check
// The space bar as the key to talk. It talks only where it types and presses nothing.

/**
 * Follows the space bar on this page.
 * @param {() => boolean} wanted Whether the key has that meaning now.
 * @param {(down: boolean) => void} press Called when it goes down and when it comes up, once each, also when the page loses the keyboard meanwhile.
 */
export function followPushKey(wanted, press) {
  const reached = new ReachedByKeyboard();
  let down = false;
  const change = (/** @type {boolean} */ now) => {
    if (down === now) return;
    down = now;
    press(down);
  };
  addEventListener("keydown", (event) => {
    if (event.code !== "Space" || !wanted() || takesSpace(event.target, reached)) return;
    event.preventDefault();
    change(true);
  });
  addEventListener("keyup", (event) => {
    if (event.code !== "Space" || !down) return;
    event.preventDefault(); // else some browsers press the button that was clicked last
    change(false);
  });
  addEventListener("blur", () => change(false));
}

/**
 * Which element got the focus by the keyboard. A button that was clicked keeps the focus, and :focus-visible does not tell the two apart: Chromium sets it on that
 * button, too, as soon as any key goes down.
 */
class ReachedByKeyboard {
  /** @type {EventTarget | null} */ #element = null;

  constructor() {
    addEventListener("focusin", ({ target }) => { this.#element = target instanceof Element && target.matches(":focus-visible") ? target : null; });
    addEventListener("pointerdown", () => { this.#element = null; }, { capture: true });
  }

  /** @param {EventTarget} element */
  is(element) {
    return element === this.#element;
  }
}

/** @param {EventTarget | null} target @param {ReachedByKeyboard} reached */
function takesSpace(target, reached) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName)) return true;
  return reached.is(target) && (/^(button|a|summary)$/i.test(target.tagName) || target.hasAttribute("role"));
}
