/** French. */

import type { SortingTexts } from "../sorting.ts";

const number = new Intl.NumberFormat("fr");
const many = (count: number, one: string, several: string) =>
  `${number.format(count)} ${count < 2 ? one : several}`;
const crops = (count: number) => many(count, "vignette", "vignettes");

export const sorting: SortingTexts = {
  title: "Toutes les vignettes d’une étiquette",
  labels: "Étiquettes",
  findLabel: "Chercher une étiquette",
  noLabel: "Sans étiquette majoritaire",
  noneFound: "Aucune étiquette ne porte ce nom.",
  counted: (count, below) =>
    below > count
      ? `${number.format(count)}, avec les plus précises ${number.format(below)}`
      : number.format(count),
  state: { merged: "En attente", decided: "Décidées" },
  order: "Ordre",
  orders: {
    outliers: "Les plus inhabituelles d’abord",
    page: "Par page",
    confidence: "Les moins sûres d’abord",
  },
  narrower: "Avec les étiquettes plus précises",
  size: "Taille des vignettes",
  hint: "Cliquez pour sélectionner, tracez un cadre autour de plusieurs, ou tapez ? pour les touches.",
  touchHint: "Touchez pour sélectionner. Maintenez puis glissez pour en prendre plusieurs.",
  wall: (label, total) => `${label}, ${crops(total)}`,
  item: (one, total) => `Vignette ${number.format(one)} sur ${number.format(total)}`,
  shownOf: (shown, total) => `${number.format(shown)} sur ${crops(total)}`,
  more: "En montrer davantage",
  emptyMerged: "Rien n’attend de décision sous cette étiquette.",
  emptyDecided: "Rien n’a été décidé sous cette étiquette.",
  emptyAll: "Rien à relire pour l’instant",
  emptyAllText: "Les vignettes arrivent ici dès que les réponses ont été fusionnées.",
  chooseLabel: "Choisissez une étiquette",
  selected: (count, total, label) =>
    `${many(count, "sélectionnée", "sélectionnées")} sur ${number.format(total)}, ${label}`,
  keptBeside: (count) =>
    count === 1
      ? "1 en côtoie d’autres sur son image : votre avis est gardé, et la décision se prend avec elles."
      : `${number.format(count)} en côtoient d’autres sur leurs images : votre avis est gardé, et la décision se prend avec elles.`,
  ownAmong: (count) =>
    count === 1
      ? "1 est votre propre réponse : quelqu’un d’autre en décide."
      : `${number.format(count)} sont vos propres réponses : quelqu’un d’autre en décide.`,
  accept: "Accepter",
  reject: "Rejeter…",
  relabel: "Changer l’étiquette…",
  open: "Ouvrir dans la relecture",
  none: "Ne rien sélectionner",
  undo: "Annuler",
  verdicts: {
    accepted: "acceptée",
    rejected: "rejetée",
    corrected: "étiquette changée",
    added: "ajoutée",
    merged: "réunie",
    split: "divisée",
  },
  keptAs: (verdict) => `gardé : ${verdict}`,
  own: "votre propre réponse",
  askTitle: {
    accepted: (count) => `Accepter ${crops(count)} ?`,
    rejected: (count) => `Rejeter ${crops(count)} ?`,
    corrected: (count) => `Changer l’étiquette de ${crops(count)}`,
  },
  touches: ({ items, tasks }) => `Il s’agit de ${crops(items)} sur ${many(tasks, "image", "images")}.`,
  because: "Motif",
  reasons: ["Ce n’est pas ce que dit l’étiquette", "Il n’y a rien ici", "Illisible", "Marqué deux fois"],
  reasonNeeded: "Dites pourquoi : le motif accompagne chacune d’elles.",
  cancel: "Renoncer",
  newLabel: "L’autre étiquette",
  done: (decided, kept, spoken) =>
    [
      decided ? `${many(decided, "vignette décidée", "vignettes décidées")}.` : "",
      kept ? `${many(kept, "avis gardé", "avis gardés")} jusqu’à ce que le reste de l’image soit jugé.` : "",
      spoken ? `${crops(spoken)} en attente d’une seconde relecture.` : "",
    ]
      .filter(Boolean)
      .join(" "),
  refused: (count, sentence) => `${number.format(count)} non : ${sentence}`,
  undone: (back, kept) =>
    kept
      ? `Annulé : ${many(back, "image", "images")}. ${number.format(kept)} restent comme décidées depuis.`
      : back
        ? `Annulé : ${many(back, "image", "images")}.`
        : "Annulé.",
  notSent: "L’envoi n’a pas abouti. Votre sélection est toujours là.",
  sending: "Enregistrement…",
  keys: [
    "Le mur",
    [
      [["Flèches"], "parcourir les vignettes"],
      [["Espace"], "sélectionner, ou ne plus"],
      [["Maj Flèches", "glisser"], "en sélectionner plusieurs"],
      [["Ctrl A", "Échap"], "tout ce qui est montré ; rien"],
      [["Entrée"], "accepter"],
      [["1", "…", "9"], "donner cette étiquette"],
      [["L"], "donner une autre étiquette"],
      [["Suppr", "R"], "rejeter"],
      [["O"], "ouvrir dans la relecture"],
      [["U", "Ctrl Z"], "annuler la dernière action"],
    ],
  ],
};
