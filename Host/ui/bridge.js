// @ts-check
// The connection to the program on this machine: requests, events, binary lanes, reconnect. No DOM, so that node can test it.

/** @typedef {import("./types").PluginBridge} PluginBridge */
/** @typedef {import("./types").Hello} Hello */
/** @typedef {{plugin: string, type: string, id?: number, body: any}} Message */

const FIRST_WAIT = 300;
const LONGEST_WAIT = 5000;
/** Events that a plugin may miss while its module is loading; more than that is a fault, not a burst. */
const MOST_HELD = 4096;

/** A refusal, or a lost connection: `code` is stable, `message` is a sentence for people. */
export class BridgeError extends Error {
  /** @param {string} code @param {string} message @param {number} [retryAfterMs] */
  constructor(code, message, retryAfterMs) {
    super(message);
    this.name = "BridgeError";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

export class Bridge {
  #options;
  /** @type {WebSocket | null} */ #socket = null;
  #state = "connecting";
  #instance = "";
  #failures = 0;
  #lastId = 0;
  /** @type {Map<number, {resolve: (body: any) => void, reject: (error: Error) => void}>} */ #waiting = new Map();
  /** @type {Map<string, Scope>} */ #scopes = new Map();
  /** @type {Map<string, number>} */ #laneNumbers = new Map();
  /** @type {Map<number, string>} */ #laneNames = new Map();

  /**
   * @param {object} options
   * @param {() => WebSocket} options.open Opens a socket; a fake in tests.
   * @param {(hello: Hello) => void} [options.onHello] After each connect, before any event of it.
   * @param {(plugins: Hello["plugins"]) => void} [options.onPlugins] The state of a plugin has changed.
   * @param {(state: "open" | "lost") => void} [options.onState]
   * @param {() => void} [options.onRestart] The program is another one than before: what the page knows of it is void.
   * @param {(fn: () => void, ms: number) => unknown} [options.later] setTimeout.
   * @param {() => number} [options.random] 0 to 1.
   */
  constructor(options) {
    this.#options = { later: setTimeout.bind(globalThis), random: Math.random, ...options };
  }

  /** Connects, and again with back-off whenever the connection is lost. */
  connect() {
    const socket = this.#options.open();
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => this.#lost(socket);
    this.#socket = socket;
  }

  /** True after the hello of the present connection. */
  get isOpen() { return this.#state === "open"; }

  /**
   * The bridge of one plugin. Its events and lane messages are held until `release`, so that none is missed while its module loads.
   * @param {string} plugin
   * @returns {{bridge: PluginBridge, release: () => void}}
   */
  scope(plugin) {
    const scope = new Scope();
    this.#scopes.set(plugin, scope);
    /** @type {PluginBridge} */
    const bridge = {
      request: (type, body = {}) => this.#request(plugin, type, body),
      on: (type, fn) => scope.on(type, fn),
      onReconnect: (fn) => scope.on(RECONNECT, fn),
      lane: (name, fn) => this.#lane(`${plugin}.${name}`, scope, fn),
    };
    return { bridge: Object.freeze(bridge), release: () => scope.release() };
  }

  /** @param {string} plugin @param {string} type @param {object} body @returns {Promise<any>} */
  #request(plugin, type, body) {
    const socket = this.#socket;
    if (!socket || this.#state !== "open") return Promise.reject(lostError());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ plugin, type, id, body }));
    });
  }

  /** @param {string} name @param {Scope} scope @param {(bytes: Uint8Array) => void} [fn] */
  #lane(name, scope, fn) {
    if (fn) scope.on(laneKey(name), fn);
    const self = this;
    return Object.freeze({
      get bufferedAmount() { return self.#socket?.bufferedAmount ?? 0; },
      /** @param {Uint8Array | ArrayBuffer} payload @returns {boolean} */
      send(payload) {
        const number = self.#laneNumbers.get(name);
        if (number === undefined || self.#state !== "open") return false;
        self.#socket?.send(laneFrame(number, payload));
        return true;
      },
    });
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    if (typeof data !== "string") this.#receiveLane(data);
    else this.#receiveText(JSON.parse(data));
  }

  /** @param {Message} message */
  #receiveText(message) {
    if (message.id !== undefined) this.#settle(message);
    else if (message.plugin === "shell") this.#receiveShell(message);
    else this.#scopes.get(message.plugin)?.emit(message.type, message.body);
  }

  /** u8 lane number | payload. @param {ArrayBuffer} data */
  #receiveLane(data) {
    const name = this.#laneNames.get(new Uint8Array(data)[0]);
    // A copy that begins at offset 0: the module may lay any typed array over it.
    if (name) this.#scopes.get(name.slice(0, name.indexOf(".")))?.emit(laneKey(name), new Uint8Array(data.slice(1)));
  }

  /** @param {Message} message */
  #settle(message) {
    const waiting = this.#waiting.get(/** @type {number} */ (message.id));
    if (!waiting) return;
    this.#waiting.delete(/** @type {number} */ (message.id));
    const { code, message: text, retryAfterMs } = message.body;
    if (message.type === "ok") waiting.resolve(message.body);
    else waiting.reject(new BridgeError(code, text, retryAfterMs));
  }

  /** @param {Message} message */
  #receiveShell(message) {
    if (message.type === "hello") this.#hello(message.body);
    else if (message.type === "plugins") this.#options.onPlugins?.(message.body.plugins);
    else console.error(`The program has refused a message: ${message.body?.message}`);
  }

  /** @param {Hello} hello */
  #hello(hello) {
    if (this.#instance && this.#instance !== hello.instance) {
      this.#options.onRestart?.();
      return;
    }
    const again = this.#instance !== "";
    this.#instance = hello.instance;
    this.#laneNumbers = new Map(Object.entries(hello.lanes));
    this.#laneNames = new Map(Object.entries(hello.lanes).map(([name, number]) => [number, name]));
    this.#failures = 0;
    this.#state = "open";
    this.#options.onState?.("open");
    this.#options.onHello?.(hello);
    if (again) for (const scope of this.#scopes.values()) scope.emit(RECONNECT, undefined);
  }

  /** @param {WebSocket} socket */
  #lost(socket) {
    if (socket !== this.#socket) return;
    this.#state = "lost";
    for (const waiting of this.#waiting.values()) waiting.reject(lostError());
    this.#waiting.clear();
    this.#options.onState?.("lost");
    this.#options.later(() => this.connect(), this.#nextWait());
  }

  /** Doubles up to a limit, half of it random: several pages do not come back in step. */
  #nextWait() {
    const ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    return ceiling / 2 + (ceiling / 2) * this.#options.random();
  }
}

const RECONNECT = "\0reconnect";
const laneKey = (/** @type {string} */ name) => `\0lane ${name}`;
const lostError = () => new BridgeError("disconnected", "The program on this machine is not running.");

/** @param {number} number @param {Uint8Array | ArrayBuffer} payload */
function laneFrame(number, payload) {
  const bytes = payload instanceof Uint8Array ? payload : new Uint8Array(payload);
  const frame = new Uint8Array(1 + bytes.length);
  frame[0] = number;
  frame.set(bytes, 1);
  return frame;
}

/** Listeners of one plugin. */
class Scope {
  /** @type {Map<string, ((value: any) => void)[]>} */ #listeners = new Map();
  /** @type {[string, any][] | null} */ #held = [];

  /** @param {string} key @param {(value: any) => void} fn @returns {() => void} Takes the listener away. */
  on(key, fn) {
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), fn]);
    return () => void this.#listeners.set(key, (this.#listeners.get(key) ?? []).filter((other) => other !== fn));
  }

  /** @param {string} key @param {any} value */
  emit(key, value) {
    if (!this.#held) this.#call(key, value);
    else if (this.#held.length < MOST_HELD) this.#held.push([key, value]);
  }

  release() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const [key, value] of held) this.#call(key, value);
  }

  /** @param {string} key @param {any} value */
  #call(key, value) {
    for (const fn of this.#listeners.get(key) ?? []) {
      try {
        fn(value);
      } catch (error) {
        console.error(error); // One listener's fault is not the next one's.
      }
    }
  }
}
