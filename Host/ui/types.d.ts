// The page contract: what a plugin's module is given. A module is `export function mount(panel: Panel, bridge: PluginBridge)`.

/** Where a region goes. "cover": a full page before being in a room; "people": left; "stage": the middle; "side": a tab on the right; "status": left in the bar. */
export type Place = "cover" | "people" | "invite" | "stage" | "side" | "status";

export type IconName =
  | "mic" | "mic-off" | "camera" | "camera-off" | "screen" | "screen-off" | "hand" | "leave" | "send" | "file" | "download" | "close"
  | "people" | "settings" | "poll" | "volume" | "volume-off" | "stage" | "side" | "warning" | "check" | "info" | "more" | "lock" | "shield" | "pen"
  | "search" | "bell" | "bell-off" | "reply" | "smile" | "trash";

export interface Panel {
  /**
   * An element to fill. Setting its `hidden` takes it (and its tab) away. On the stage the first visible region of class "fill" gets the main
   * area and the others a strip: `data-slot` of each is "main", "strip" or "grid"; each is a size container for container queries. A region of
   * the side is sent the event "shown" whenever it comes into view.
   */
  region(place: Place, options: { title: string; order?: number }): HTMLElement;
  /** A count on the tab of a region while it is not in view; 0 takes it away. */
  badge(region: HTMLElement, count: number): void;
  /** Brings a region of the side into view. */
  show(region: HTMLElement): void;
  /** A button in the bar. */
  control(options: ControlOptions): Control;
  icon(name: IconName): SVGSVGElement;
  /** A short message that goes by itself; errors stay longer. */
  notice(text: string, kind?: "info" | "error"): void;
  menu(anchor: HTMLElement, items: MenuItem[]): void;
  /** In a room or not: hides or shows the cover. */
  joined(joined: boolean): void;
  /** Called when the room has been left, not for a connection that is lost for a while: give microphone, camera and screen back. */
  onLeft(fn: () => void): void;
  /** The room's name in the header. */
  title(text: string): void;
  /** A line over the page while something is not as it should be; empty: nothing any more. */
  banner(text: string): void;
  /** A small state beside a person's name (talking, presenting …), on or off. `name` tells states apart; begin it with what sets it. */
  mark(person: string, name: string, state: Mark & { active: boolean }): void;
  /** What stands beside a person's name now. */
  marksOf(person: string): Mark[];
  /** Called with the id of a person whose marks have changed. */
  onMarks(fn: (person: string) => void): void;
  /** The sound that goes with the pictures this page shares; null: none any more. One that ends is taken away by itself. */
  setSharedSound(track: MediaStreamTrack | null): void;
  /** Called after each change of that, and at once when there is one. */
  onSharedSound(fn: (track: MediaStreamTrack | null) => void): void;
}

export interface Mark {
  /** Without one the title is written out. */
  icon?: IconName;
  /** What a pointer is told, and a screen reader. */
  title: string;
}

export interface ControlState {
  label?: string;
  icon?: IconName;
  /** There: a toggle, and which way it stands. */
  pressed?: boolean;
  disabled?: boolean;
  danger?: boolean;
  hidden?: boolean;
}

export interface ControlOptions extends ControlState {
  id: string;
  label: string;
  icon: IconName;
  order?: number;
  onClick: (event: MouseEvent) => void;
}

export interface Control {
  set(state: ControlState): void;
  /** The button, as an anchor for a menu. */
  readonly element: HTMLButtonElement;
}

export interface MenuItem {
  label: string;
  onSelect: () => void;
  checked?: boolean;
}

export interface Lane {
  /** False when there is no connection or no such lane: the message is dropped. */
  send(payload: Uint8Array | ArrayBuffer): boolean;
  readonly bufferedAmount: number;
}

export interface PluginBridge {
  /** The body of the reply; rejects with an Error that has `code`, and `retryAfterMs` when the refusal passes by itself. */
  request(type: string, body?: object): Promise<any>;
  /** Listens to an event; returns what takes the listener away. */
  on(type: string, fn: (body: any) => void): () => void;
  /** A binary lane; `fn` gets bytes of its own, from offset 0 of their buffer. */
  lane(name: string, fn?: (bytes: Uint8Array) => void): Lane;
  /** Called after a lost connection is back, before its first events. */
  onReconnect(fn: () => void): () => void;
}

export interface PluginEntry {
  name: string;
  module: string | null;
  style: string | null;
  order: number;
  state: "running" | "failed";
  reason: string | null;
}

export interface Hello {
  /** Random for each start of the program. */
  instance: string;
  lanes: Record<string, number>;
  plugins: PluginEntry[];
}
