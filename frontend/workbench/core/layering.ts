/** Which of the images of a canvas are shown: of every painted one the choice, and how much of it shines through. */

import type { Canvas, ImageChoice, PaintedImage } from "./contract.ts";

export interface Showing {
  /** By painted image: the index of its choice. */
  readonly choices: readonly number[];
  /** By painted image: 0 to 1. */
  readonly opacities: readonly number[];
}

/** The painted images of a canvas; an older server tells of one only. */
export function paintedOn({ image, images }: Canvas): readonly PaintedImage[] {
  if (images?.length) return images;
  return [{ place: null, choices: [{ ...image, label: {}, part: null, rotation: null }] }];
}

/** Whether an institution asks who wants to see one of them. */
export const isProtected = (canvas: Canvas): boolean =>
  paintedOn(canvas).some(({ choices }) => choices.some(({ auth }) => auth)) || Boolean(canvas.image.auth);

/** Which of them is the one that stands for the canvas: its first choice is the canvas's image. */
export function baseOf(canvas: Canvas): number {
  const { service, url } = canvas.image;
  const found = paintedOn(canvas).findIndex(
    ({ choices: [first] }) => first?.service === service && (first?.url ?? null) === (url ?? null),
  );
  return Math.max(0, found);
}

/** The canvas with its image as somebody was let in to see it. */
export function withBase(canvas: Canvas, admitted: Canvas): Canvas {
  const base = baseOf(canvas);
  const images = paintedOn(canvas).map((image, index) => {
    const [first, ...others] = image.choices;
    if (index !== base || !first) return image;
    return { ...image, choices: [{ ...first, ...admitted.image }, ...others] };
  });
  return { ...admitted, images };
}

/** With every other protected image as somebody may see it who was let in to the first; one that cannot be had stays as it is. */
export async function withOthers(
  canvas: Canvas,
  admit: (canvas: Canvas) => Promise<{ readonly canvas: Canvas | null }>,
): Promise<Canvas> {
  const base = baseOf(canvas);
  const ask = async (choice: ImageChoice): Promise<ImageChoice> => {
    try {
      const outcome = await admit({ ...canvas, image: choice });
      return outcome.canvas ? { ...choice, ...outcome.canvas.image } : choice;
    } catch {
      return choice;
    }
  };
  const images = paintedOn(canvas).map(async (image, index) => {
    const choices = image.choices.map((choice, which) =>
      choice.auth && !(index === base && which === 0) ? ask(choice) : choice,
    );
    return { ...image, choices: await Promise.all(choices) };
  });
  return { ...canvas, images: await Promise.all(images) };
}

export const shownAtFirst = (images: readonly PaintedImage[]): Showing => ({
  choices: images.map(() => 0),
  opacities: images.map(() => 1),
});

/** Whether there is anything to choose or to make transparent. */
export const isLayered = (images: readonly PaintedImage[]): boolean =>
  images.length > 1 || images.some(({ choices }) => choices.length > 1);

export const withChoice = (showing: Showing, image: number, choice: number): Showing => ({
  ...showing,
  choices: showing.choices.map((value, index) => (index === image ? choice : value)),
});

export const withOpacity = (showing: Showing, image: number, opacity: number): Showing => ({
  ...showing,
  opacities: showing.opacities.map((value, index) => (index === image ? opacity : value)),
});

/** The next or the previous choice of the first image that has several, all around. */
export function stepped(images: readonly PaintedImage[], showing: Showing, step: 1 | -1): Showing {
  const index = images.findIndex(({ choices }) => choices.length > 1);
  const count = images[index]?.choices.length ?? 0;
  if (!count) return showing;
  return withChoice(showing, index, ((showing.choices[index] ?? 0) + step + count) % count);
}

/** How opaque each choice of a painted image is: another than the first lies over the first, to be compared with it. */
export function opacityOf(showing: Showing, image: number, choice: number): number {
  const chosen = showing.choices[image] ?? 0;
  const opacity = showing.opacities[image] ?? 1;
  if (choice === chosen) return opacity;
  return choice === 0 && opacity < 1 ? 1 : 0;
}
