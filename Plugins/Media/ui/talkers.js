// @ts-check
/**
 * Who has a media channel, who is muted, who talks: kept by audio.js, read by whoever draws people. No DOM.
 *
 * @typedef {{id: string, name: string, muted: boolean, silenced: boolean, level: number, talking: boolean}} Person
 *   level is in -dBov: 0 is the loudest, 127 silence.
 */

/** Louder than this counts as talking, in -dBov. */
export const TALKING = 50;

export class Talkers extends EventTarget {
  constructor() {
    super();
    /** @type {Map<string, Person>} In order of arrival. */
    this.people = new Map();
  }

  /**
   * The people of the room changed: someone came, went, muted. Fires "people".
   * @param {{id: string, name: string, muted: boolean, silenced?: boolean}[]} list
   */
  setPeople(list) {
    const old = this.people;
    this.people = new Map(list.map((p) => {
      const known = p.muted ? undefined : old.get(p.id);
      return [p.id, { ...p, silenced: p.silenced ?? false, level: known?.level ?? 127, talking: known?.talking ?? false }];
    }));
    this.dispatchEvent(new Event("people"));
  }

  /**
   * Who is heard now; everybody else is silent. Fires "levels".
   * @param {{id: string, level: number}[]} talkers
   */
  setLevels(talkers) {
    const heard = new Map(talkers.map((t) => [t.id, t.level]));
    for (const person of this.people.values()) {
      person.level = heard.get(person.id) ?? 127;
      person.talking = person.level < TALKING;
    }
    this.dispatchEvent(new Event("levels"));
  }
}

/** The one that audio.js and video.js share: listen to "people" and "levels", read `people`. */
export const talkers = new Talkers();
