/** Ce qui est relu, en français. */

import type { ReviewingTexts } from "../reviewing.ts";

const number = new Intl.NumberFormat("fr");
const keys = (thing: string): [string[], string][] => [
  [["A"], `accepter l’${thing}`],
  [["R"], "la rejeter"],
  [["1–9"], `choisir une autre ${thing}`],
  [["L"], `chercher une autre ${thing}`],
  [["U"], "revenir sur la dernière décision"],
  [["[", "]"], `${thing} précédente, suivante`],
  [["Ctrl Entrée"], "enregistrer et continuer"],
];
const many = (count: number, singular: string, plural: string) =>
  `${number.format(count)} ${count < 2 ? singular : plural}`;

export const reviewing: ReviewingTexts = {
  label: {
    shapeNamed: (index, label) => `Étiquette ${index}\u202f: ${label}`,
    agreed: (support, seen) => `${support} sur ${seen} l’ont choisie`,
    reviewItems: (count) => many(count, "étiquette à décider", "étiquettes à décider"),
    undecided: (count) => `${many(count, "étiquette reste", "étiquettes restent")} à décider.`,
    allSaidNothing: "Tout le monde a répondu qu’aucune étiquette ne convient. Enregistrez si c’est juste.",
    reviewKeys: keys("étiquette"),
  },
  answer: {
    shapeNamed: (index, label) => `Réponse ${index}\u202f: ${label}`,
    agreed: (support, seen) => `${support} sur ${seen} l’ont dit`,
    reviewItems: (count) => many(count, "réponse à décider", "réponses à décider"),
    undecided: (count) => `${many(count, "réponse reste", "réponses restent")} à décider.`,
    allSaidNothing:
      "Tout le monde a répondu «\u202frien ici\u202f». Enregistrez si c’est juste, ou ajoutez ce qui manque.",
    reviewKeys: [[["A"], "accepter la réponse"], ...keys("réponse").slice(1)],
  },
  text: {
    agreed: (support, seen) => `${support} sur ${seen} l’ont écrit`,
    allSaidNothing: "Tout le monde a répondu qu’il n’y a rien à écrire. Enregistrez si c’est juste.",
  },
};
