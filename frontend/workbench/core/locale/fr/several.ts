/** Several shapes at once, and where the draft stands, in French. */

import type { DraftTexts, SeveralTexts } from "../several.ts";

const number = new Intl.NumberFormat("fr");
const shapes = (count: number) => `${number.format(count)} ${count > 1 ? "formes" : "forme"}`;
const agree = (count: number, word: string) => (count > 1 ? `${word}s` : word);

export const several: SeveralTexts = {
  picked: (count) => (count ? `${shapes(count)} ${agree(count, "sélectionnée")}` : "Rien n’est sélectionné"),
  hint: "Ce que vous faites vaut pour toutes, et s’annule d’un seul coup.",
  duplicate: "Dupliquer",
  deleteAll: (count) => `Supprimer les ${number.format(count)}`,
  letGo: "Désélectionner",
  gather: "En choisir plusieurs",
  gathering: "Chaque clic ou toucher en ajoute une. Un trait prend tout ce qu’il touche.",
  gathered: "Chaque clic ou toucher n’en prend de nouveau qu’une.",
  duplicated: (count) => `${shapes(count)} ${agree(count, "dupliquée")}.`,
  copied: (count) =>
    `${shapes(count)} ${agree(count, "copiée")}. Collez avec Contrôle V, sur l’image suivante aussi.`,
  pasted: (count) => `${shapes(count)} ${agree(count, "collée")}.`,
  otherStep: "Ce qui a été copié appartient à une autre étape.",
  deleted: (count) => `${shapes(count)} ${agree(count, "supprimée")}.`,
  undone: "Annulé.",
  redone: "Rétabli.",
  at: ([x, y, w, h]) =>
    `Gauche ${number.format(x)}, haut ${number.format(y)}, ${number.format(w)} sur ${number.format(h)}.`,
  keys: [
    "Plusieurs à la fois",
    [
      [["Maj clic", "Maj glisser"], "en ajouter une ; toutes celles d’un cadre"],
      [["Ctrl A", "Échap"], "tout sélectionner ; désélectionner"],
      [["{", "}"], "ajouter la précédente, la suivante"],
      [["Ctrl Espace", "Maj Espace"], "dans la liste : une de plus ; toutes depuis là"],
      [["Flèches", "Suppr", "1–9"], "les déplacer, supprimer, étiqueter toutes"],
      [["Ctrl D", "Alt glisser"], "dupliquer"],
      [["Ctrl C", "Ctrl V"], "copier ; coller, sur une autre image aussi"],
      [["Alt"], "en glissant : les bords n’accrochent pas"],
    ],
  ],
};

export const draft: DraftTexts = {
  saved: "Brouillon enregistré",
  saving: "Enregistrement…",
  waiting: {
    offline: "Brouillon gardé sur cet appareil, car il n’y a pas de connexion",
    signin: "Brouillon gardé sur cet appareil, car vous n’êtes plus connecté",
    server: "Brouillon gardé sur cet appareil, car le serveur est occupé",
    refused: "Brouillon gardé sur cet appareil",
  },
  onlyThere: "Brouillon enregistré sur le serveur. Ce navigateur ne peut pas le garder.",
  besides: (count) =>
    count > 1
      ? `Cette image est ouverte dans ${number.format(count)} autres onglets. Tous montrent la même chose.`
      : "Cette image est ouverte dans un autre onglet. Les deux montrent la même chose.",
  otherThere: (summary) => `Dans un autre navigateur, vous aviez : ${summary}.`,
  otherHere: (summary) =>
    `Ici, vous aviez : ${summary}. Ce qui est affiché a été dessiné plus tard, dans un autre navigateur.`,
  cellsThere: (count) =>
    count > 1
      ? `Dans un autre navigateur, vous avez jugé autrement ${number.format(count)} de ces images.`
      : "Dans un autre navigateur, vous avez jugé autrement l’une de ces images.",
  cellsHere: (count) =>
    count > 1
      ? `Ici, vous aviez jugé autrement ${number.format(count)} de ces images. Ce qui est affiché a été dit plus tard, dans un autre navigateur.`
      : "Ici, vous aviez jugé autrement l’une de ces images. Ce qui est affiché a été dit plus tard, dans un autre navigateur.",
  take: "Afficher plutôt cela",
  leave: "Garder ce qui est affiché",
  both: "Garder les deux",
};
