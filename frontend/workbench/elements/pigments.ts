/** Gives each concept or person a pigment, and a line pattern as the second sign for eyes that see no colour. */

import type { Line } from "../viewer/painter.ts";

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

  #index(key: string): number {
    const known = this.#order.get(key) ?? this.#order.size;
    this.#order.set(key, known);
    return known;
  }
}

/** Bone black: for what only gives context. */
const BONE: Pigment = { name: "bone", colour: "#3b342d" };

export { BONE, VERMILION };
