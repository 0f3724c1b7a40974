/** Pictures that do not come, because their institution is away for instance: a quiet mat stands in their place. */

const isMissing = (image: HTMLImageElement): boolean =>
  image.complete && !image.naturalWidth && Boolean(image.src);

/** Marks with `data-missing` what has failed already and what fails later; the mark goes when a picture comes after all. */
export function markMissing(root: Document): void {
  for (const image of root.querySelectorAll("img")) image.toggleAttribute("data-missing", isMissing(image));
  const hear = (event: Event) => {
    if (event.target instanceof HTMLImageElement)
      event.target.toggleAttribute("data-missing", event.type === "error");
  };
  // Neither event bubbles: they are heard on their way down.
  root.addEventListener("error", hear, true);
  root.addEventListener("load", hear, true);
}
