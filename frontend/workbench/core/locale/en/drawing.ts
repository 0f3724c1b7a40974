/** Outlines and points in English. */

import type { DrawingTexts } from "../drawing.ts";
import type { Texts } from "../texts.ts";

const number = new Intl.NumberFormat("en");
const one = (count: number, singular: string, plural: string) =>
  `${number.format(count)} ${count === 1 ? singular : plural}`;

const image: Texts["keyMap"][number] = [
  "Image",
  [
    [["+", "−", "0"], "zoom in, out, whole image"],
    [["Space + drag"], "move about while drawing"],
    [["D", "V"], "draw, move about"],
    [["Ctrl Z", "Ctrl Y"], "undo, redo"],
    [["Ctrl Enter"], "submit"],
    [["B"], "back to the image before"],
  ],
];

export const drawing: DrawingTexts = {
  sketching: "Set corner after corner. The first corner, a double click or Enter closes the outline.",
  aiming: {
    polygon:
      "Arrow keys move the crosshair, Space sets a corner, Enter closes the outline, Backspace takes the last corner back, Escape gives up.",
    point: "Arrow keys move the crosshair, Space or Enter sets the point, Escape gives up.",
  },
  cornersSet: (count) => one(count, "corner set.", "corners set."),
  closeOutline: "Close",
  cornerBack: "One back",
  giveUp: "Give up",
  crosses: "The outline would cross itself there. Set the corner elsewhere, or take one back.",
  corners: (count) => one(count, "corner", "corners"),
  corner: (index) => `Corner ${index}`,
  removeCorner: (index) => `Delete corner ${index}`,
  cornerAfter: (index) => `Add a corner after corner ${index}`,
  polygon: {
    imageHint:
      "Press N for a crosshair, arrow keys to move it, Space to set a corner, Enter to close the outline. Press question mark for all keys.",
    draw: "Draw an outline",
    shapes: (count) => (count ? one(count, "outline", "outlines") : "Outlines"),
    noShapesHint: "Click corner after corner around the thing, or press N.",
    noShapesTouch: "Tap corner after corner around the thing. Move and zoom with two fingers.",
    shapeNamed: (index, label) => `Outline ${index}: ${label}`,
    position: "Corners",
    twin: "This outline lies almost exactly on another one.",
    nextLabel: "Next outline",
    suggestionsHint: "A model drew the dashed outlines. It is often wrong: accept, correct or reject each.",
    skipAndLose: (count) => `Skip and lose ${one(count, "outline", "outlines")}?`,
    needAnswer: "Draw an outline, or say “Nothing here”.",
    needLabel: "One outline has no label yet.",
    reviewItems: (count) => one(count, "outline to decide", "outlines to decide"),
    undecided: (count) => `${one(count, "outline is", "outlines are")} still undecided.`,
    addBox: "Add an outline they missed",
    allSaidNothing: "Everybody said that nothing is here. Save if that is right, or add an outline.",
    keyMap: [
      [
        "Outlines",
        [
          [["N"], "crosshair in the middle"],
          [["Arrows"], "move it (with Shift further)"],
          [["Space"], "set a corner"],
          [["Enter"], "close the outline"],
          [["Backspace"], "last corner back; delete"],
          [["Esc"], "give up, or let go"],
          [[",", "."], "corner before, corner after"],
          [["I"], "new corner after this one"],
          [["[", "]"], "outline before, outline after"],
          [["1–9"], "choose a label"],
        ],
      ],
      image,
      [
        "Hand",
        [
          [["Click", "Tap"], "set a corner; pick an outline"],
          [["Double click"], "close the outline"],
          [["Drag a corner"], "move it"],
          [["Drag a small dot"], "new corner"],
          [["Two fingers"], "move, zoom and turn"],
        ],
      ],
    ],
    reviewKeys: [
      [["A"], "accept the outline"],
      [["R"], "reject it"],
      [["[", "]"], "outline before, outline after"],
      [["1–9"], "choose another label"],
      [["Arrows"], "move the outline, or its corner"],
      [[",", "."], "corner before, corner after"],
      [["D", "N"], "add an outline"],
      [["Ctrl Enter"], "save and go on"],
    ],
  },
  point: {
    imageHint:
      "Press N for a crosshair, arrow keys to move it, Space to set a point. Press question mark for all keys.",
    draw: "Set a point",
    shapes: (count) => (count ? one(count, "point", "points") : "Points"),
    noShapesHint: "Click on the thing, or press N.",
    noShapesTouch: "Tap on the thing. Move and zoom with two fingers.",
    shapeNamed: (index, label) => `Point ${index}: ${label}`,
    position: "Position",
    twin: "This point lies almost exactly on another one.",
    nextLabel: "Next point",
    suggestionsHint: "A model set the dashed points. It is often wrong: accept, correct or reject each.",
    skipAndLose: (count) => `Skip and lose ${one(count, "point", "points")}?`,
    needAnswer: "Set a point, or say “Nothing here”.",
    needLabel: "One point has no label yet.",
    reviewItems: (count) => one(count, "point to decide", "points to decide"),
    undecided: (count) => `${one(count, "point is", "points are")} still undecided.`,
    addBox: "Add a point they missed",
    allSaidNothing: "Everybody said that nothing is here. Save if that is right, or add a point.",
    keyMap: [
      [
        "Points",
        [
          [["N"], "crosshair in the middle"],
          [["Arrows"], "move it, or the picked point (with Shift further)"],
          [["Space", "Enter"], "set the point"],
          [["Esc"], "give up, or let go"],
          [["Delete"], "delete"],
          [["[", "]"], "point before, point after"],
          [["1–9"], "choose a label"],
        ],
      ],
      image,
      [
        "Hand",
        [
          [["Click", "Tap"], "set a point; pick one"],
          [["Drag"], "move the picked point"],
          [["Two fingers"], "move, zoom and turn"],
        ],
      ],
    ],
    reviewKeys: [
      [["A"], "accept the point"],
      [["R"], "reject it"],
      [["[", "]"], "point before, point after"],
      [["1–9"], "choose another label"],
      [["Arrows"], "move the point"],
      [["D", "N"], "add a point"],
      [["Ctrl Enter"], "save and go on"],
    ],
  },
};
