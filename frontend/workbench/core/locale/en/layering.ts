/** Layers in English. */

import type { LayeringTexts } from "../layering.ts";

const number = new Intl.NumberFormat("en");
const annotations = (count: number) => (count === 1 ? "1 annotation" : `${number.format(count)} annotations`);

export const layering: LayeringTexts = {
  show: (layer) => `Show ${layer}`,
  shown: (shown, all) =>
    shown === all ? number.format(all) : `${number.format(shown)} of ${number.format(all)}`,
  shownNow: (shown, all) => `${number.format(shown)} of ${annotations(all)} shown.`,
  only: "Only",
  onlyThis: (layer) => `Show only ${layer}`,
  colourBy: "Colour by",
  ways: {
    layer: "layer",
    concept: "concept",
    person: "person",
    confidence: "confidence",
    agreement: "agreement",
  },
  least: { confidence: "Confidence from", agreement: "Agreement from" },
  opacity: "Opacity",
  from: (percent) => `${percent}\u202f%`,
  everything: "all",
  legend: (layer) => `What the colours of ${layer} mean`,
  range: (from, to) => `${from}–${to}\u202f%`,
  silent: {
    concept: "without a concept",
    person: "nobody named",
    confidence: "no confidence given",
    agreement: "no agreement known",
  },
  hideAll: "Hide all layers",
  showAll: "Show layers again",
  allHidden: "All layers are hidden.",
  none: "There are no annotations here.",
  noneShown: "No annotation is shown. Turn a layer on, or lower a threshold.",
  more: (count) => `Show ${annotations(count)} more`,
  agreed: (support, seen) => `${support} of ${seen} agreed`,
  agreedShare: (percent) => `${percent}\u202f% agreed`,
  by: (person) => `by ${person}`,
  kinds: {
    contributions: "Contributions",
    predictions: "Predictions",
    consensus: "Consensus",
    "ground-truth": "Ground truth",
    decisions: "Decisions",
    imported: "Imported",
    personal: "Personal",
    context: "Context",
  },
  neighbours: "Other places asked about",
  suggestions: "Suggestions of a model",
  key: [["H"], "hide or show all layers"],
};
