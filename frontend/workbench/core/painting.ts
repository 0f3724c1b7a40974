/** What is painted on a canvas of a IIIF manifest, version 2 or 3: its images with their places, choices and cuttings. */

import type { ImageChoice, PaintedImage } from "./contract.ts";
import { regionIn } from "./fragment.ts";
import type { Box, Size } from "./geometry.ts";
import { idOf, isKind, kindsOf, labelOf, many, type Node, nodes, numberOf, text } from "./iiif.ts";

/** An image service as a manifest names it. */
interface Service {
  readonly uri: string;
  readonly version: 2 | 3;
  /** It keeps a few sizes and makes no other. */
  readonly isStill: boolean;
}

export interface ReadImage extends ImageChoice {
  /** Its service makes no other sizes than it keeps. */
  readonly isStill: boolean;
}

export interface Paintings {
  readonly images: readonly (PaintedImage & { readonly choices: readonly ReadImage[] })[];
  /** How many paintings are no still images: sound, video, text. */
  readonly others: number;
}

/** All that is painted, in order; `size` is that of the canvas, or nothing where it says none. */
export function paintingsOf(canvas: Node, size: Size | null): Paintings {
  const stated = nodes(canvas.items).flatMap(({ items }) => nodes(items));
  const annotations = stated.length ? stated : nodes(canvas.images);
  const images = annotations.flatMap((annotation): Paintings["images"][number][] => {
    const choices = nodes(annotation.body ?? annotation.resource).flatMap((body) => choicesIn(body));
    return choices.length ? [{ place: placeOf(annotation.target ?? annotation.on, size), choices }] : [];
  });
  return { images, others: annotations.length - images.length };
}

/** The images that a body may be, the default one first. */
function choicesIn(body: Node): ReadImage[] {
  if (!isKind(body, "Choice")) return imageIn(body);
  const items = [...nodes(body.default), ...nodes(body.items), ...nodes(body.item)];
  return items.flatMap(choicesIn);
}

/** The image of a body, with what a specific resource takes of it. */
function imageIn(body: Node): ReadImage[] {
  if (isKind(body, "SpecificResource")) {
    const [selector] = nodes(body.selector);
    return nodes(body.source ?? body.full)
      .flatMap(imageIn)
      .map((image) => ({
        ...image,
        label: Object.keys(labelOf(body.label)).length ? labelOf(body.label) : image.label,
        ...(selector ? cutting(selector, image) : {}),
      }));
  }
  const service = serviceOf(body);
  const isImage = isKind(body, "Image") || text(body.format).startsWith("image/") || service !== null;
  if (!isImage) return [];
  return [
    {
      service: service?.uri ?? null,
      version: service?.version ?? null,
      url: idOf(body) || null,
      width: numberOf(body.width),
      height: numberOf(body.height),
      label: labelOf(body.label),
      part: null,
      rotation: null,
      isStill: service?.isStill ?? false,
    },
  ];
}

function cutting(selector: Node, { width, height }: ImageChoice): Pick<ImageChoice, "part" | "rotation"> {
  const rotation = numberOf(selector.rotation);
  const said = text(selector.region) || text(selector.value).replace(/^.*xywh=/, "");
  const fragment = said && said !== "full" ? `#xywh=${said.replace(/^pct:/, "percent:")}` : "";
  const size: Size = [width || Number.POSITIVE_INFINITY, height || Number.POSITIVE_INFINITY];
  return { part: fragment ? regionIn(fragment, size) : null, rotation };
}

/** Where on the canvas; null: all of it. */
function placeOf(target: unknown, size: Size | null): Box | null {
  const [first] = many(target);
  const [node] = nodes(first);
  const [selector] = node ? nodes(node.selector) : [];
  const fragment = selector ? `#${text(selector.value)}` : (idOf(first).split("#")[1] ?? "");
  return size && fragment ? regionIn(fragment, size) : null;
}

function serviceOf(body: Node): Service | null {
  for (const service of nodes(body.service)) {
    const uri = idOf(service).replace(/\/$/, "");
    const facts = [...kindsOf(service), ...many(service["@context"]), ...many(service.profile)];
    const said = facts.map(String).join(" ");
    if (!uri || !/ImageService|image-api|\/api\/image\/|\/image\/\d/i.test(said)) continue;
    return { uri, version: /ImageService3|image\/3/.test(said) ? 3 : 2, isStill: said.includes("level0") };
  }
  return null;
}
