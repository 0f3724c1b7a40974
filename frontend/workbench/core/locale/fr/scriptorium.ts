/** Annoter à plusieurs, en français. */

import type { ScriptoriumTexts } from "../scriptorium.ts";

const number = new Intl.NumberFormat("fr");
const many = (count: number, one: string, more: string) =>
  count < 2 ? `${number.format(count)} modification ${one}` : `${number.format(count)} modifications ${more}`;
const who = (name: string | null) => name ?? "Quelqu’un";

export const scriptorium: ScriptoriumTexts = {
  panel: "Annotations",
  here: "Qui est là",
  alone: "Personne d’autre n’est là en ce moment.",
  otherWindow: "vous, dans une autre fenêtre",
  holds: "a choisi quelque chose",
  kinds: "Ce que vous tracez",
  kind: { box: "Cadres", polygon: "Contours", point: "Points" },
  annotations: (count) => `${number.format(count)} ${count < 2 ? "annotation" : "annotations"}`,
  none: "Rien n’est encore tracé ici. Tirez un cadre sur l’image, ou appuyez sur N.",
  noneTouch: "Rien n’est encore tracé ici. Tracez avec un doigt, déplacez avec deux.",
  noneReading: "Rien n’est encore tracé ici. Ce que d’autres tracent apparaît de lui-même.",
  named: (index, said) => `Annotation ${index} : ${said}`,
  wordless: "sans étiquette",
  undrawn: (count) =>
    count < 2
      ? "Une autre parle de toute l’image et n’est pas tracée."
      : `${number.format(count)} autres parlent de toute l’image et ne sont pas tracées.`,
  more: (count) =>
    count < 2
      ? "Une autre est tracée sur l’image."
      : `${number.format(count)} autres sont tracées sur l’image.`,
  by: (name) => `par ${name}`,
  heldBy: (name) => `${name} l’a choisie`,
  waits: "pas encore envoyée",
  lock: {
    reading: "Vous pouvez regarder cette couche, sans y écrire.",
    "not-yours": "Quelqu’un d’autre a fait cette annotation ; seul qui gère la couche peut la modifier.",
    "other-form":
      "Elle a été écrite ailleurs, sous une forme qui perdrait quelque chose si elle était modifiée ici.",
  },
  words: "Texte",
  wordsHint: "Une remarque ou une transcription, en texte simple.",
  changedMeanwhile: (name) => `${who(name)} l’a modifiée aussi, avant que votre modification n’arrive.`,
  deletedMeanwhile: (name) => `${who(name)} l’a supprimée entre-temps.`,
  changedWhileHeld: (name) => `${who(name)} vient de modifier ce que vous avez choisi.`,
  at: ([x, y, w, h]) =>
    `${number.format(x)} ; ${number.format(y)} (${number.format(w)} × ${number.format(h)})`,
  mine: "La vôtre",
  theirs: "L’autre",
  deleted: "supprimée",
  takeMine: "Garder la mienne",
  takeTheirs: "Prendre l’autre",
  takeBoth: "Les deux",
  saysNow: (place, label) => `${label} : ${place}`,
  overtaken: "Cette étape ne peut pas être annulée : quelqu’un d’autre a modifié la même annotation depuis.",
  shut: (reason) =>
    `Vous ne pouvez plus voir cette couche. ${reason} Ce que vous n’avez pas envoyé reste dans ce navigateur.`,
  reading: "Vous pouvez regarder cette couche, sans y écrire. Ce que font les autres apparaît de lui-même.",
  live: "Les changements des autres apparaissent d’eux-mêmes",
  choose: "Choisissez ci-dessus entre deux versions de la même annotation.",
  sent: "Tout est envoyé",
  sending: (count) => `${many(count, "part", "partent")}…`,
  keptOffline: (count) =>
    `Pas de connexion. ${many(count, "gardée ici partira d’elle-même", "gardées ici partiront d’elles-mêmes")}.`,
  keptSignin: (count) =>
    `Vous êtes déconnecté. ${many(count, "gardée ici", "gardées ici")} jusqu’à votre retour.`,
  keptServer: (count) =>
    `Le serveur ne répond pas. ${many(count, "gardée ici", "gardées ici")} ; nous réessayons.`,
  signedOut: "Vous êtes déconnecté. Connectez-vous de nouveau pour continuer.",
  refused: (count) => `${many(count, "refusée, et gardée ici", "refusées, et gardées ici")} :`,
  notKept: "Ce navigateur ne peut pas garder vos tracés si la page est rechargée.",
  deafOffline: "Pas de connexion. Ce que font les autres apparaîtra à son retour.",
  deafServer: "Le serveur ne répond pas en ce moment. Ce que font les autres apparaîtra ensuite.",
  deafShut: "Plus rien n’arrive de cette couche.",
  came: (name) => `${name} est là.`,
  went: (name) => `${name} n’est plus là.`,
  keyMap: [
    [
      "Annotations",
      [
        [["B", "U", "P"], "tracer des cadres, des contours, des points"],
        [["N"], "nouvelle, au milieu"],
        [["Flèches"], "déplacer de 1 (avec Maj de 10)"],
        [["Alt + flèches"], "agrandir de 1 (avec Maj de 10)"],
        [["Entrée"], "poser ; fermer un contour"],
        [["Espace"], "poser un coin ou un point"],
        [["I", ".", ","], "nouveau coin, coin suivant, coin précédent"],
        [["Échap"], "abandonner ou relâcher"],
        [["Suppr"], "supprimer"],
        [["[", "]"], "annotation précédente, suivante"],
        [["1–9"], "choisir une étiquette"],
      ],
    ],
    [
      "Image",
      [
        [["+", "−", "0"], "agrandir, réduire, toute l’image"],
        [["Espace + glisser"], "se déplacer en traçant"],
        [["D", "V"], "tracer, se déplacer"],
        [["Ctrl Z", "Ctrl Y"], "annuler ou refaire ses propres étapes"],
      ],
    ],
    [
      "Tactile",
      [
        [["Un doigt"], "tracer, ou tirer une poignée"],
        [["Deux doigts"], "se déplacer et zoomer"],
        [["Toucher"], "choisir"],
      ],
    ],
  ],
};
