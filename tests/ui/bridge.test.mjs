// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { Bridge, BridgeError } from "../../Host/ui/bridge.js";

/** A socket that the test speaks for. */
class FakeSocket {
  /** @type {(string | Uint8Array)[]} */ sent = [];
  bufferedAmount = 0;
  binaryType = "";
  /** @type {(event: {data: any}) => void} */ onmessage = () => {};
  /** @type {() => void} */ onclose = () => {};
  /** @param {string | Uint8Array} data */
  send(data) { this.sent.push(data); }
  /** @param {object} message */
  text(message) { this.onmessage({ data: JSON.stringify(message) }); }
  /** @param {number[]} bytes */
  binary(...bytes) { this.onmessage({ data: new Uint8Array(bytes).buffer }); }
  /** @param {Record<string, number>} lanes */
  hello(lanes = {}, instance = "first") { this.text({ plugin: "shell", type: "hello", body: { instance, lanes, plugins: [] } }); }
  /** What was sent as text, parsed. */
  get requests() { return this.sent.filter((data) => typeof data === "string").map((data) => JSON.parse(/** @type {string} */ (data))); }
}

/** @param {object} [options] */
function setUp(options = {}) {
  /** @type {FakeSocket[]} */ const sockets = [];
  /** @type {{fn: () => void, ms: number}[]} */ const timers = [];
  const bridge = new Bridge({
    open: () => { sockets.push(new FakeSocket()); return /** @type {any} */ (sockets.at(-1)); },
    later: (fn, ms) => timers.push({ fn, ms }),
    random: () => 1,
    ...options,
  });
  bridge.connect();
  return { bridge, sockets, timers, get socket() { return /** @type {FakeSocket} */ (sockets.at(-1)); } };
}

/** @param {ReturnType<typeof setUp>} world @param {string} plugin */
function released(world, plugin) {
  const { bridge, release } = world.bridge.scope(plugin);
  release();
  return bridge;
}

test("A request carries plugin, type, id and body, and gets the body of its reply", async () => {
  const world = setUp();
  const poll = released(world, "poll");
  world.socket.hello();
  const first = poll.request("vote", { choice: 2 });
  const second = poll.request("close");
  assert.deepEqual(world.socket.requests, [
    { plugin: "poll", type: "vote", id: 1, body: { choice: 2 } },
    { plugin: "poll", type: "close", id: 2, body: {} },
  ]);
  world.socket.text({ plugin: "poll", type: "ok", id: 2, body: { closed: true } });
  world.socket.text({ plugin: "poll", type: "ok", id: 1, body: {} });
  assert.deepEqual(await second, { closed: true });
  assert.deepEqual(await first, {});
});

test("A refusal rejects with its code, its sentence and when to try again", async () => {
  const world = setUp();
  const poll = released(world, "poll");
  world.socket.hello();
  const refused = poll.request("vote");
  world.socket.text({ plugin: "poll", type: "error", id: 1, body: { code: "throttled", message: "Too fast.", retryAfterMs: 250 } });
  await assert.rejects(refused, (/** @type {any} */ e) => {
    assert.ok(e instanceof BridgeError);
    assert.deepEqual([e.code, e.message, e.retryAfterMs], ["throttled", "Too fast.", 250]);
    return true;
  });
});

test("A reply that nobody waits for is dropped", () => {
  const world = setUp();
  world.socket.hello();
  assert.doesNotThrow(() => world.socket.text({ plugin: "poll", type: "ok", id: 99, body: {} }));
});

test("Events reach all listeners of their plugin and no other", () => {
  const world = setUp();
  const poll = released(world, "poll");
  const other = released(world, "other");
  /** @type {string[]} */ const heard = [];
  poll.on("opened", (body) => heard.push(`one ${body.n}`));
  const stop = poll.on("opened", (body) => heard.push(`two ${body.n}`));
  other.on("opened", () => heard.push("other"));
  world.socket.hello();
  world.socket.text({ plugin: "poll", type: "opened", body: { n: 1 } });
  stop();
  world.socket.text({ plugin: "poll", type: "opened", body: { n: 2 } });
  world.socket.text({ plugin: "nobody", type: "opened", body: {} });
  assert.deepEqual(heard, ["one 1", "two 1", "one 2"]);
});

test("Events and lane messages are held until the module has mounted, then come in order", () => {
  const world = setUp();
  const { bridge, release } = world.bridge.scope("poll");
  world.socket.hello({ "poll.ink": 3 });
  world.socket.text({ plugin: "poll", type: "opened", body: 1 });
  world.socket.binary(3, 2);
  world.socket.text({ plugin: "poll", type: "opened", body: 3 });
  /** @type {number[]} */ const heard = [];
  bridge.on("opened", (body) => heard.push(body));
  bridge.lane("ink", (bytes) => heard.push(...bytes));
  assert.deepEqual(heard, []);
  release();
  world.socket.text({ plugin: "poll", type: "opened", body: 4 });
  assert.deepEqual(heard, [1, 2, 3, 4]);
});

test("A listener that throws does not keep the event from the next one", (t) => {
  const errors = t.mock.method(console, "error", () => {});
  const world = setUp();
  const poll = released(world, "poll");
  let heard = 0;
  poll.on("opened", () => { throw new Error("broken"); });
  poll.on("opened", () => heard++);
  world.socket.hello();
  world.socket.text({ plugin: "poll", type: "opened", body: {} });
  assert.equal(heard, 1);
  assert.equal(errors.mock.callCount(), 1);
});

test("A lane sends its number and the payload, from an array or a buffer", () => {
  const world = setUp();
  const lane = released(world, "poll").lane("ink");
  world.socket.hello({ "other.ink": 1, "poll.ink": 7 });
  assert.equal(lane.send(new Uint8Array([0, 1, 2, 3]).subarray(1)), true);
  assert.equal(lane.send(new Uint8Array([9]).buffer), true);
  assert.deepEqual(world.socket.sent.map((data) => [...(/** @type {Uint8Array} */ (data))]), [[7, 1, 2, 3], [7, 9]]);
  world.socket.bufferedAmount = 5;
  assert.equal(lane.bufferedAmount, 5);
});

test("What a lane receives begins at offset 0 of its own buffer", () => {
  const world = setUp();
  /** @type {Uint8Array[]} */ const heard = [];
  released(world, "poll").lane("ink", (bytes) => heard.push(bytes));
  world.socket.hello({ "poll.ink": 7 });
  world.socket.binary(7, 1, 0, 2, 0);
  world.socket.binary(8, 1); // a lane of nobody
  assert.equal(heard.length, 1);
  assert.deepEqual([...new Uint16Array(heard[0].buffer)], [1, 2]);
});

test("A lane that the program does not have drops its messages", () => {
  const world = setUp();
  const lane = released(world, "poll").lane("ink");
  assert.equal(lane.send(new Uint8Array(1)), false);
  world.socket.hello({});
  assert.equal(lane.send(new Uint8Array(1)), false);
  assert.deepEqual(world.socket.sent, []);
});

test("Before the hello and after a loss a request is refused at once", async () => {
  const world = setUp();
  const poll = released(world, "poll");
  await assert.rejects(poll.request("vote"), { code: "disconnected" });
  world.socket.hello();
  const waiting = poll.request("vote");
  world.socket.onclose();
  await assert.rejects(waiting, { code: "disconnected" });
  await assert.rejects(poll.request("vote"), { code: "disconnected" });
});

test("A lost connection is tried again with longer and longer waits, and from the start after a success", () => {
  const world = setUp();
  for (let i = 0; i < 6; i++) {
    world.socket.onclose();
    world.timers.at(-1)?.fn();
  }
  assert.deepEqual(world.timers.map((timer) => timer.ms), [300, 600, 1200, 2400, 4800, 5000]);
  world.socket.hello();
  world.socket.onclose();
  assert.equal(world.timers.at(-1)?.ms, 300);
});

test("Half of each wait is random", () => {
  const world = setUp({ random: () => 0 });
  world.socket.onclose();
  assert.equal(world.timers[0].ms, 150);
});

test("The close of an earlier socket means nothing", () => {
  const world = setUp();
  const [first] = world.sockets;
  first.onclose();
  world.timers[0].fn();
  world.socket.hello();
  first.onclose();
  assert.equal(world.bridge.isOpen, true);
  assert.equal(world.sockets.length, 2);
});

test("A reconnect is told before its first events, with the new lane numbers", () => {
  /** @type {string[]} */ const heard = [];
  const world = setUp({ onState: (/** @type {string} */ state) => heard.push(state) });
  const poll = released(world, "poll");
  const lane = poll.lane("ink");
  poll.onReconnect(() => heard.push("again"));
  poll.on("opened", () => heard.push("event"));
  world.socket.hello({ "poll.ink": 1 });
  world.socket.onclose();
  world.timers[0].fn();
  world.socket.hello({ "poll.ink": 2 });
  world.socket.text({ plugin: "poll", type: "opened", body: {} });
  assert.deepEqual(heard, ["open", "lost", "open", "again", "event"]);
  lane.send(new Uint8Array([5]));
  assert.deepEqual(world.socket.sent.map((data) => [...(/** @type {Uint8Array} */ (data))]), [[2, 5]]);
});

test("Another start of the program is told instead of a reconnect", () => {
  let restarts = 0, hellos = 0;
  const world = setUp({ onRestart: () => restarts++, onHello: () => hellos++ });
  world.socket.hello({}, "first");
  world.socket.onclose();
  world.timers[0].fn();
  world.socket.hello({}, "second");
  assert.deepEqual([hellos, restarts], [1, 1]);
});

test("A plugin's new state is told", () => {
  /** @type {any[]} */ const told = [];
  const world = setUp({ onPlugins: (/** @type {any[]} */ plugins) => told.push(...plugins) });
  world.socket.hello();
  world.socket.text({ plugin: "shell", type: "plugins", body: { plugins: [{ name: "poll", state: "failed" }] } });
  assert.deepEqual(told, [{ name: "poll", state: "failed" }]);
});
