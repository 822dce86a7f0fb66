/** What the keyboard does: `j`, `?`, `Ctrl+k`, or two keys one after the other, `g o`. */
export type KeyMap = Record<string, () => void>;

/** After so long, a first key such as `g` is forgotten. */
const patience = 1500;

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Finds the act of a key press among the maps, the newest first, and remembers the first key of two. */
export class KeySequence {
  private first = '';
  private firstAt = 0;

  find(press: KeyPress, maps: readonly KeyMap[], now: number): (() => void) | undefined {
    if (press.altKey) return undefined;
    const name = press.ctrlKey || press.metaKey ? `Ctrl+${press.key.toLowerCase()}` : press.key;
    const isSecond = this.first !== '' && now - this.firstAt <= patience;
    const names = isSecond ? [`${this.first} ${name}`, name] : [name];
    this.first = '';
    for (const wanted of names) {
      const map = maps.findLast(one => one[wanted] !== undefined);
      if (map) return map[wanted];
    }
    if (maps.some(map => Object.keys(map).some(known => known.startsWith(`${name} `)))) {
      this.first = name;
      this.firstAt = now;
    }
    return undefined;
  }
}
