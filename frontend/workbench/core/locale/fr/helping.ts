/** French. */

import type { HelpingTexts } from "../helping.ts";

const un = (count: number, single: string, several: string) => `${count} ${count < 2 ? single : several}`;

export const helping: HelpingTexts = {
  copy: "Copier de la page précédente",
  copyHint: "Reporter ici les formes que cette couche a sur la page précédente",
  nothingToCopy: "Cette couche n’a pas de formes sur la page précédente.",
  noPageBefore: "Il n’y a pas de page avant celle-ci.",
  copyFailed: "Les formes de la page précédente n’ont pas pu être lues. Essayez encore.",
  manyLabels: "Plusieurs étiquettes chacune",
  candidates: "Ce qui y ressemble",
  candidatesHint: "Vous seul voyez les cadres en tirets. Ceux que vous acceptez sont dessinés pour tous.",
  dismissed: "Écarté.",
  taken: (count) => `${un(count, "cadre dessiné", "cadres dessinés")}. « Annuler » le reprend.`,
  found: (count) =>
    `${un(count, "endroit y ressemble", "endroits y ressemblent")}. Vous seul les voyez : regardez chacun, certains seront faux.`,
  lookHint:
    "Regardez chacun. Appuyez sur ceux qui sont faux : ils sont écartés, les autres dessinés pour tous.",
  noExamples: "Pas encore d’exemple dans cette couche.",
  keys: [
    [["S"], "resserrer le cadre sur son encre"],
    [["M"], "trouver d’autres cadres pareils"],
    [["Entrée", "Suppr"], "accepter ou écarter ce qui a été trouvé"],
    [["C"], "copier de la page précédente"],
    [["G"], "parcourir les étiquettes et leurs exemples"],
  ],
};
