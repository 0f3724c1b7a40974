/** What a key means while the image has the focus. */

export type Command =
  | { kind: "nudge" | "grow"; dx: number; dy: number }
  | {
      kind:
        | "new"
        | "insert"
        | "confirm"
        | "cancel"
        | "delete"
        | "undo"
        | "redo"
        | "fit"
        | "help"
        | "draw"
        | "move"
        | "all"
        | "duplicate"
        | "copy"
        | "paste";
    }
  | { kind: "zoom"; factor: number }
  | { kind: "next" | "corner" | "extend"; step: 1 | -1 }
  | { kind: "choose"; index: number };

export interface Key {
  readonly key: string;
  /** The physical key: keeps 1–9 working on keyboards where digits need shift, as the French one. */
  readonly code?: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const PLAIN: Readonly<Record<string, Command>> = {
  n: { kind: "new" },
  i: { kind: "insert" },
  Insert: { kind: "insert" },
  ".": { kind: "corner", step: 1 },
  ",": { kind: "corner", step: -1 },
  Enter: { kind: "confirm" },
  Escape: { kind: "cancel" },
  Delete: { kind: "delete" },
  Backspace: { kind: "delete" },
  "+": { kind: "zoom", factor: 1.4 },
  "=": { kind: "zoom", factor: 1.4 },
  "-": { kind: "zoom", factor: 1 / 1.4 },
  "0": { kind: "fit" },
  "?": { kind: "help" },
  d: { kind: "draw" },
  v: { kind: "move" },
  "]": { kind: "next", step: 1 },
  "[": { kind: "next", step: -1 },
  "}": { kind: "extend", step: 1 },
  "{": { kind: "extend", step: -1 },
};

/** With Ctrl or ⌘. */
const CHORDS: Readonly<Record<string, Command>> = {
  y: { kind: "redo" },
  a: { kind: "all" },
  d: { kind: "duplicate" },
  c: { kind: "copy" },
  v: { kind: "paste" },
};

const DIGIT = /^(?:Digit|Numpad)([1-9])$/;

export function commandOf(key: Key): Command | null {
  const arrow = ARROWS[key.key];
  const chord = key.ctrlKey || key.metaKey;
  if (arrow) {
    const step = key.shiftKey ? 10 : 1;
    return { kind: key.altKey || chord ? "grow" : "nudge", dx: arrow[0] * step, dy: arrow[1] * step };
  }
  const letter = key.key.length === 1 ? key.key.toLowerCase() : key.key;
  if (chord && !key.altKey) {
    if (letter === "z") return { kind: key.shiftKey ? "redo" : "undo" };
    return key.shiftKey ? null : (CHORDS[letter] ?? null);
  }
  if (key.altKey) return null;
  if (/^[1-9]$/.test(letter)) return { kind: "choose", index: Number(letter) - 1 };
  const plain = PLAIN[letter];
  if (plain) return plain;
  const digit = key.shiftKey ? undefined : DIGIT.exec(key.code ?? "")?.[1];
  return digit ? { kind: "choose", index: Number(digit) - 1 } : null;
}
