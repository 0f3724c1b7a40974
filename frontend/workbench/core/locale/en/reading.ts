/** The element for other people's pages, in English. */

import type { ReadingTexts } from "../reading.ts";

const number = new Intl.NumberFormat("en");

export const reading: ReadingTexts = {
  loading: "Reading the manifest…",
  previous: "Previous image",
  next: "Next image",
  pageOf: (index, all) => `${number.format(index)} of ${number.format(all)}`,
  overview: "All images",
  canvas: (index, label) =>
    label ? `Image ${number.format(index)}: ${label}` : `Image ${number.format(index)}`,
  manifest: "IIIF manifest",
  nothingGiven: "No manifest is named here, and no IIIF content state.",
  noState: "The IIIF content state cannot be understood. Check that it was copied whole.",
  blocked: (host) =>
    `${host} could not be read from this page. It may be out of reach, or it does not allow pages of other sites to read it (CORS).`,
  mixed: (host) =>
    `${host} is named with http, which a page with https may not read. Try its address with https.`,
  status: (host, status) =>
    status === 404 || status === 410
      ? `${host} has nothing at this address (${status}).`
      : status === 401 || status === 403
        ? `${host} does not give this to everybody (${status}).`
        : `${host} answered with an error (${status}). Try again later.`,
  noJson: (host) => `${host} answered, but with something that is not IIIF (no JSON).`,
  collection: "This is a IIIF collection. Give the address of one of its manifests.",
  empty: "The manifest has no images.",
  other: "This is not a IIIF manifest of version 2 or 3.",
  noCanvas: "The image that was asked for is not in this manifest; its first one is shown.",
  pagesFailed: (count) =>
    count === 1
      ? "One page of annotations could not be read."
      : `${number.format(count)} pages of annotations could not be read.`,
  noImage: "There is nothing to see on this canvas: it has no image.",
  partial: "Sound, video or text belong to this canvas too; its images alone are shown.",
  readingLayers: "Reading annotations…",
  wheel: "Click into the image, or hold Ctrl, to zoom with the wheel.",
  fromHere: "Image with annotations",
};
