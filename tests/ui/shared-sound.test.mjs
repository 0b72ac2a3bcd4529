import assert from "node:assert/strict";
import { test } from "node:test";
import { onSharedSound, setSharedSound } from "../../Host/ui/shared-sound.js";

test("Who carries sound is told of the one that is shared, also later, and when it ends by itself", () => {
  const told = [], late = [], track = new EventTarget();
  onSharedSound((sound) => told.push(sound));
  setSharedSound(track);
  setSharedSound(track);
  onSharedSound((sound) => late.push(sound));
  track.dispatchEvent(new Event("ended"));
  assert.deepEqual(told, [track, null]);
  assert.deepEqual(late, [track, null]);
});

test("One that ends after another has taken its place takes nothing away", () => {
  const told = [], first = new EventTarget(), second = new EventTarget();
  onSharedSound((sound) => told.push(sound));
  setSharedSound(first);
  setSharedSound(second);
  first.dispatchEvent(new Event("ended"));
  assert.deepEqual(told, [first, second]);
  setSharedSound(null);
});
