/** French. */

import type { AssistTexts } from "../assist.ts";

const un = (count: number, single: string, several: string) => `${count} ${count < 2 ? single : several}`;

export const assist: AssistTexts = {
  help: "Aide au dessin",
  tighten: "Resserrer",
  tightenHint: "Amener les bords à l’encre qui s’y trouve",
  tightenEach: "Resserrer chaque cadre que je dessine",
  similar: "Trouver d’autres pareils",
  similarHint: "Chercher sur cette image ce qui ressemble au cadre choisi",
  copy: "Copier d’avant",
  copyHint: "Reporter ici les formes de votre dernière image de cette source",
  guide: "Parcourir les étiquettes",
  pickBox: "Choisissez d’abord un cadre.",
  pickLabel: "Choisissez d’abord une étiquette.",
  tightened: "Amené à l’encre. « Annuler » rend le cadre tel qu’il était.",
  tightAlready: "Le cadre est déjà serré.",
  noInk: "Il n’y a pas d’encre nette dans ce cadre ; il reste tel quel.",
  unreadable: "Le serveur de cette image ne laisse pas lire ses pixels ; le cadre reste tel quel.",
  looking: "Recherche de ce qui y ressemble…",
  stopLooking: "Arrêter",
  found: (count) =>
    `${un(count, "endroit y ressemble", "endroits y ressemblent")}. Regardez chacun : certains seront faux.`,
  foundNothing: "Rien d’autre n’y ressemble sur cette image.",
  foundKnown: "Ce qui y ressemble est déjà dessiné ou suggéré.",
  searchFailed: "La recherche n’a pas abouti. Essayez encore.",
  notOffered: "Sur cette image, rien n’est cherché.",
  nothingToCopy: "Vous n’avez pas encore remis de formes sur une autre image de cette source.",
  copied: (count) => `${un(count, "forme copiée", "formes copiées")}. Déplacez ce qui ne convient pas.`,
  copiedAlready: "Ce qui pouvait être copié est déjà là.",
  copiedShape: "copiée",
  broadest: "Il n’y a pas d’étiquette plus large à choisir.",
  nowBroader: (label) => `Maintenant « ${label} ».`,
  threshold: "Sûrs au moins à",
  lessSure: (count) =>
    `${un(count, "suggestion moins sûre est masquée", "suggestions moins sûres sont masquées")}, ici comme sur l’image.`,
  lookAt: (count, of) => (count === of ? `Regarder les ${count}` : `En regarder ${count} sur ${of}`),
  lookTitle: (count) => un(count, "suggestion à regarder", "suggestions à regarder"),
  lookHint:
    "Regardez chacune. Appuyez sur celles qui sont fausses : elles sont refusées, les autres acceptées. « Annuler » reprend le tout.",
  lookSeen: (seen, of) => `${un(seen, "vue", "vues")} sur ${of}`,
  lookTake: (accepted, rejected) =>
    rejected ? `En accepter ${accepted}, en refuser ${rejected}` : `En accepter ${accepted}`,
  lookRight: "juste",
  lookWrong: "fausse",
  certain: "En êtes-vous sûr ?",
  certainty: { sure: "Sûr", likely: "Probable", unsure: "Incertain" },
  tree: "Étiquettes et exemples",
  treeHint: "Les flèches parcourent, Droite ouvre, Entrée choisit.",
  treeEmpty: "Il n’y a pas d’étiquettes à choisir.",
  treeFailed: "Les étiquettes n’ont pas pu être chargées.",
  treeMore: (count) => `${count} de plus`,
  choose: "Choisir",
  chosen: "choisie",
  examples: (label) => `Exemples de ${label}`,
  noExamples: "Pas encore d’exemple décidé.",
  narrower: (count) => un(count, "étiquette plus précise", "étiquettes plus précises"),
  keys: [
    [["S"], "resserrer le cadre sur l’encre"],
    [["M"], "trouver d’autres pareils"],
    [["C"], "copier de votre image d’avant"],
    [["G"], "parcourir les étiquettes et les exemples"],
    [["U"], "une étiquette plus large"],
  ],
};
