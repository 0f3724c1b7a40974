/** Gives each layer, concept or person a pigment and a second sign for eyes that see no colour; and each share a step. */

export type Line = "solid" | "dashed" | "dotted" | "dash-dot";

export interface Pigment {
  readonly name: "lapis" | "verdigris" | "ochre" | "madder" | "malachite" | "bone" | "vermilion";
  /** As painted on the image, which is paper in either theme. */
  readonly colour: string;
}

const VERMILION: Pigment = { name: "vermilion", colour: "#b3261e" };
const PIGMENTS: readonly Pigment[] = [
  { name: "lapis", colour: "#1f459e" },
  { name: "verdigris", colour: "#0f7269" },
  { name: "ochre", colour: "#96590c" },
  { name: "madder", colour: "#8a2a54" },
  { name: "malachite", colour: "#3d6b1f" },
  { name: "bone", colour: "#3b342d" },
];
const LINES: readonly Line[] = ["solid", "dash-dot", "dotted", "dashed"];

/** Hands out pigments in the order of asking; what has none yet is vermilion. */
export class Palette {
  #order = new Map<string, number>();

  /** Gives the first pigments to these, whatever was asked for before: the same colours after every reload. */
  prime(keys: readonly string[]): void {
    const asked = [...this.#order.keys()];
    this.#order = new Map([...new Set([...keys, ...asked])].map((key, index) => [key, index] as const));
  }

  of(key: string | undefined): Pigment {
    return key === undefined ? VERMILION : (PIGMENTS[this.#index(key) % PIGMENTS.length] ?? VERMILION);
  }

  /** A pattern that changes each time the pigments have been gone through. */
  line(key: string): Line {
    return LINES[(this.#index(key) % PIGMENTS.length) % LINES.length] ?? "solid";
  }

  /** The third sign, which never comes twice: A to Z, then AA and so on. */
  letter(key: string): string {
    return letterOf(this.#index(key));
  }

  #index(key: string): number {
    const known = this.#order.get(key) ?? this.#order.size;
    this.#order.set(key, known);
    return known;
  }
}

/** Bone black: for what only gives context. */
const BONE: Pigment = { name: "bone", colour: "#3b342d" };

/** The letter of a number from 0 on, as the columns of a table have it. */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

export interface Step {
  readonly step: 0 | 1 | 2 | 3 | 4;
  readonly colour: string;
  readonly line: Line;
}

/**
 * Five inks for a share, each clearly darker than the one before (L* 47, 39, 33, 23, 11), so that they hold their
 * order for every eye; the surer, the more of the line is there. The number stands in the label beside them.
 */
export const RAMP: readonly Step[] = [
  { step: 0, colour: "#9a6410", line: "dotted" },
  { step: 1, colour: "#99402b", line: "dashed" },
  { step: 2, colour: "#852c54", line: "dash-dot" },
  { step: 3, colour: "#541f5e", line: "solid" },
  { step: 4, colour: "#1d1a33", line: "solid" },
];

/** The step of a share from 0 to 1; the last one holds 1 as well. */
export const stepOf = (share: number): Step =>
  RAMP[Math.min(RAMP.length - 1, Math.max(0, Math.floor(share * RAMP.length)))] as Step;

export { BONE, VERMILION };
