/** How the image is shown, in English. */

import { type ImagingTexts, rowsWithout } from "../imaging.ts";

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });

const turned = (degrees: number): string =>
  degrees ? `turned by ${Math.abs(degrees)} degrees to the ${degrees > 0 ? "right" : "left"}` : "";

export const imaging: ImagingTexts = {
  title: "Image settings",
  titleChanged: "Image settings: changed",
  light: "Light and colour",
  shares: { brightness: "Brightness", contrast: "Contrast", saturation: "Colour" },
  grey: "Greyscale",
  invert: "Invert",
  percent: (share) => `${Math.round(share * 100)}\u00a0%`,
  turning: "Turn",
  turnLeft: "Turn left",
  turnRight: "Turn right",
  mirror: "Mirror",
  angle: "Angle",
  degrees: (value) => `${value}°`,
  layers: "Images",
  imageNamed: (index) => `Image ${index}`,
  choice: (index) => `Choice ${index}`,
  opacity: (name) => `Opacity: ${name}`,
  missing: "One of the images of this page could not be loaded. Choose it again to try once more.",
  shown: (name) => `Shown: ${name}`,
  aids: "Help to look",
  minimap: "Overview map",
  loupe: "Loupe",
  measure: "Measure",
  measuring: "Draw a line to measure.",
  measuringTouch: "Draw a line with one finger to measure.",
  measuringKeys: "With keys: arrows move the crosshair, Space sets an end, Escape ends.",
  endMeasuring: "Done",
  length: ({ value, unit }) => `${number.format(value)}\u00a0${unit}`,
  measured: (px, real) => (real ? `${real} (${px})` : px),
  reset: "Show as it is",
  stands: (degrees, flipped) =>
    degrees || flipped
      ? `The image is ${[turned(degrees), flipped ? "mirrored" : ""].filter(Boolean).join(" and ")}.`
      : "The image stands as it is.",
  keys: (without) => [
    "How the image is shown",
    rowsWithout(
      [
        [["O"], "image settings"],
        [["R"], "turn right (with Shift left)"],
        [["L"], "loupe"],
        [["K"], "measure"],
        [["<", ">"], "other images of the same page"],
      ],
      without,
    ),
  ],
};
