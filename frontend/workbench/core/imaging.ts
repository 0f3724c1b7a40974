/** How a picture is shown: brighter, greyer, inverted, turned, mirrored. Values only; nothing of it touches what is drawn. */

/** Shares of the picture as it is: 1 leaves it alone. */
export interface Light {
  readonly brightness: number;
  readonly contrast: number;
  /** 0 is grey. */
  readonly saturation: number;
  readonly inverted: boolean;
}

/** Degrees clockwise, above −180 and up to 180, before the picture is mirrored. */
export interface Turn {
  readonly rotation: number;
  readonly flipped: boolean;
}

export const AS_IT_IS: Light = { brightness: 1, contrast: 1, saturation: 1, inverted: false };
export const UPRIGHT: Turn = { rotation: 0, flipped: false };

/** How far each share goes; all begin at 1 in their middle or near it. */
export const RANGES = {
  brightness: [0.3, 2.5],
  contrast: [0.3, 3],
  saturation: [0, 2],
} as const;
export type Share = keyof typeof RANGES;
export const SHARES: readonly Share[] = ["brightness", "contrast", "saturation"];

export const isLit = (light: Light): boolean =>
  light.inverted || SHARES.some((share) => light[share] !== AS_IT_IS[share]);

export const isTurned = ({ rotation, flipped }: Turn): boolean => rotation !== 0 || flipped;

/** The CSS filter; inverted first, so that brighter is brighter to who looks. */
export function filterOf(light: Light): string {
  if (!isLit(light)) return "none";
  const { brightness, contrast, saturation, inverted } = light;
  const parts = [
    inverted ? "invert(1)" : "",
    brightness === 1 ? "" : `brightness(${brightness})`,
    contrast === 1 ? "" : `contrast(${contrast})`,
    saturation === 1 ? "" : `saturate(${saturation})`,
  ];
  return parts.filter(Boolean).join(" ");
}

/** What was kept, whatever it has become meanwhile: a share out of its range, or none at all, is as it is. */
export function lightFrom(kept: unknown): Light {
  if (typeof kept !== "object" || kept === null) return AS_IT_IS;
  const known = kept as Record<string, unknown>;
  const share = (name: Share): number => {
    const value = known[name];
    const [low, high] = RANGES[name];
    return typeof value === "number" && value >= low && value <= high ? value : AS_IT_IS[name];
  };
  return {
    brightness: share("brightness"),
    contrast: share("contrast"),
    saturation: share("saturation"),
    inverted: known.inverted === true,
  };
}

/** An angle as one says it: above −180 and up to 180. */
export function angle(degrees: number): number {
  const rest = ((degrees % 360) + 360) % 360;
  return rest > 180 ? rest - 360 : rest;
}

/** Turned clockwise as one sees it, mirrored or not. */
export const turnedBy = ({ rotation, flipped }: Turn, degrees: number): Turn => ({
  rotation: angle(rotation + (flipped ? -degrees : degrees)),
  flipped,
});

/** Nearer than this to a right angle a picture is meant to stand upright, or on its side. */
const UPRIGHT_DEGREES = 6;

/** Turned by hand from where it stood: in whole degrees, and held for a moment where it stands straight. */
export function twistedBy(turn: Turn, degrees: number): Turn {
  const seen = seenAngle(turn);
  const now = seen + degrees;
  const straight = Math.round(now / 90) * 90;
  return turnedBy(turn, (Math.abs(now - straight) <= UPRIGHT_DEGREES ? straight : Math.round(now)) - seen);
}

/** Mirrored left to right as one sees it. */
export const mirrored = ({ rotation, flipped }: Turn): Turn => ({ rotation, flipped: !flipped });

/** The angle that one sees: what a slider shows and sets. */
export const seenAngle = ({ rotation, flipped }: Turn): number => angle(flipped ? -rotation : rotation);
