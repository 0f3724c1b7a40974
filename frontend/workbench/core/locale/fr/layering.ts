/** Calques en français. */

import type { LayeringTexts } from "../layering.ts";

const number = new Intl.NumberFormat("fr");
const annotations = (count: number) => `${number.format(count)} ${count < 2 ? "annotation" : "annotations"}`;

export const layering: LayeringTexts = {
  show: (layer) => `Afficher ${layer}`,
  shown: (shown, all) =>
    shown === all ? number.format(all) : `${number.format(shown)} sur ${number.format(all)}`,
  shownNow: (shown, all) =>
    `${number.format(shown)} sur ${annotations(all)} ${shown < 2 ? "affichée" : "affichées"}.`,
  only: "Seul",
  onlyThis: (layer) => `N’afficher que ${layer}`,
  colourBy: "Couleur selon",
  ways: {
    layer: "le calque",
    concept: "le concept",
    person: "la personne",
    confidence: "la confiance",
    agreement: "l’accord",
  },
  least: { confidence: "Confiance à partir de", agreement: "Accord à partir de" },
  opacity: "Opacité",
  from: (percent) => `${percent}\u202f%`,
  everything: "tout",
  legend: (layer) => `Sens des couleurs de ${layer}`,
  range: (from, to) => `${from} à ${to}\u202f%`,
  silent: {
    concept: "sans concept",
    person: "personne n’est nommé",
    confidence: "confiance non indiquée",
    agreement: "accord inconnu",
  },
  hideAll: "Masquer tous les calques",
  showAll: "Réafficher les calques",
  allHidden: "Tous les calques sont masqués.",
  none: "Il n’y a pas d’annotation ici.",
  noneShown: "Aucune annotation n’est affichée. Affichez un calque, ou baissez un seuil.",
  more: (count) => `Afficher ${annotations(count)} de plus`,
  agreed: (support, seen) => `${support} sur ${seen} d’accord`,
  agreedShare: (percent) => `${percent}\u202f% d’accord`,
  by: (person) => `par ${person}`,
  kinds: {
    contributions: "Contributions",
    predictions: "Prédictions",
    consensus: "Consensus",
    "ground-truth": "Vérité de terrain",
    decisions: "Décisions",
    imported: "Importé",
    personal: "Personnel",
    context: "Contexte",
  },
  neighbours: "Autres endroits en question",
  suggestions: "Suggestions d’un modèle",
  key: [["H"], "masquer ou afficher tous les calques"],
};
