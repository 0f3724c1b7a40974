/** Short texts in French. */

import type { WritingTexts } from "../writing.ts";

export const writing: WritingTexts = {
  field: { describing: "Votre texte", supplementing: "Ce qui y est écrit" },
  hint: {
    describing: "Dites-le avec vos mots.",
    supplementing: "Recopiez lettre à lettre, tel quel.",
  },
  language: "Langue",
  languageHint: "Son code, par exemple fr, en ou la.",
  badLanguage: "Écrivez la langue par son code, par exemple fr, en ou la.",
  left: (count) => (count < 2 ? `${count} caractère restant` : `${count} caractères restants`),
  need: "Écrivez un texte.",
  needOrNothing: "Écrivez un texte, ou dites « Rien ici ».",
  quoted: (text) => `« \u2068${text}\u2069 »`,
  named: (index, text) => `Texte ${index} : « ${text} »`,
  unsettled: (index) => `Texte ${index} : aucun texte n’a la majorité`,
  open: "aucun texte n’a la majorité",
  written: "Ce qui a été écrit",
  writtenBy: (people) => people.join(", "),
  own: "Le texte retenu",
  review: [
    [["A"], "accepter ce que la plupart ont écrit, ou ce qui est le plus proche de tous"],
    [["1–9"], "choisir un texte"],
    [["L"], "l’écrire vous-même"],
    [["R"], "refuser"],
    [["Ctrl Entrée"], "enregistrer et continuer"],
  ],
  keys: [
    "Texte",
    [
      [["Entrée"], "de l’image au texte ; d’un texte d’une ligne : envoyer"],
      [["Échap"], "du texte à l’image"],
      [["Ctrl Entrée"], "envoyer"],
    ],
  ],
  count: (count) => (count < 2 ? `${count} texte à décider` : `${count} textes à décider`),
  undecided: (count) =>
    count < 2 ? `${count} texte reste à décider.` : `${count} textes restent à décider.`,
};
