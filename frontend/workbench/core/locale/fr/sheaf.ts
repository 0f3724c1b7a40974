/** French. */

import type { SheafTexts } from "../sheaf.ts";

const number = new Intl.NumberFormat("fr");
const s = (count: number) => (count < 2 ? "" : "s");

export const sheaf: SheafTexts = {
  acceptAll: (count) => `Accepter les ${number.format(count)}`,
  rejectAll: (count) => `Refuser les ${number.format(count)}`,
  mergeAll: (count) => `N’en faire qu’un des ${number.format(count)}`,
  accepted: (count) => `${number.format(count)} accepté${s(count)}.`,
  rejected: (count) => `${number.format(count)} refusé${s(count)}.`,
  merged: (count) => `${number.format(count)} n’en font plus qu’un.`,
  labelled: (count, label) => `${number.format(count)} sont maintenant « ${label} ».`,
  differentSteps: "Ils répondent à des questions différentes : il n’y a pas d’étiquette pour tous.",
  notMergeable: "Seuls des cadres peuvent n’en faire qu’un.",
  keys: [
    "Plusieurs à la fois",
    [
      [["Maj clic", "Maj glisser"], "en choisir un de plus ; tous ceux d’un cadre"],
      [["Ctrl A", "Échap"], "tout choisir ; lâcher"],
      [["{", "}"], "choisir aussi le précédent, le suivant"],
      [["Ctrl Espace", "Maj Espace"], "dans la liste : un de plus ; tous à partir de là"],
      [["A", "R"], "les accepter, les refuser tous"],
      [["M"], "n’en faire qu’un"],
      [["L", "1–9"], "donner une étiquette à tous"],
      [["Flèches"], "les déplacer tous"],
      [["Ctrl Z"], "l’annuler pour tous"],
    ],
  ],
};
