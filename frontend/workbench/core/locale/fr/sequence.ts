/** Several questions in French. */

import type { SequenceTexts } from "../sequence.ts";

export const sequence: SequenceTexts = {
  steps: "Étapes",
  stepOf: (index, count) => `Étape ${index} sur ${count}`,
  standing: { done: "répondue", open: "à répondre", ahead: "viendra ensuite", moot: "non posée" },
  because: (prompt) => `Elle dépend de : ${prompt}`,
  goTo: (index, prompt) => `Revenir à l’étape ${index} : ${prompt}`,
  onward: "Étape suivante",
  keys: [
    "Étapes",
    [
      [["Entrée"], "à l’étape suivante, une fois celle-ci complète ; de la dernière : envoyer"],
      [["1–9"], "choisir dans cette étape"],
      [["Ctrl Z"], "annuler, même d’une étape à l’autre"],
    ],
  ],
  add: "Ajouter ce qui manque",
  moot: "Non posée, vu ce qui précède : refusez-la.",
};
