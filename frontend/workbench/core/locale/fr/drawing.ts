/** Contours et points en français. */

import type { DrawingTexts } from "../drawing.ts";
import type { Texts } from "../texts.ts";

const number = new Intl.NumberFormat("fr");
const one = (count: number, singular: string, plural: string) =>
  `${number.format(count)} ${count < 2 ? singular : plural}`;

const image: Texts["keyMap"][number] = [
  "Image",
  [
    [["+", "−", "0"], "agrandir, réduire, image entière"],
    [["Espace + tirer"], "se déplacer en traçant"],
    [["D", "V"], "tracer, se déplacer"],
    [["Ctrl Z", "Ctrl Y"], "annuler, rétablir"],
    [["Ctrl Entrée"], "envoyer"],
    [["B"], "revenir à l’image précédente"],
  ],
];

export const drawing: DrawingTexts = {
  sketching: "Posez sommet après sommet. Le premier sommet, un double clic ou Entrée ferme le contour.",
  aiming: {
    polygon:
      "Les flèches déplacent le viseur, Espace pose un sommet, Entrée ferme le contour, Retour arrière reprend le dernier sommet, Échap abandonne.",
    point: "Les flèches déplacent le viseur, Espace ou Entrée pose le point, Échap abandonne.",
  },
  cornersSet: (count) => one(count, "sommet posé.", "sommets posés."),
  closeOutline: "Fermer",
  cornerBack: "Reprendre",
  giveUp: "Abandonner",
  crosses: "Le contour se croiserait à cet endroit. Posez le sommet ailleurs, ou reprenez-en un.",
  corners: (count) => one(count, "sommet", "sommets"),
  corner: (index) => `Sommet ${index}`,
  removeCorner: (index) => `Supprimer le sommet ${index}`,
  cornerAfter: (index) => `Ajouter un sommet après le sommet ${index}`,
  polygon: {
    imageHint:
      "N pour un viseur, les flèches pour le déplacer, Espace pour poser un sommet, Entrée pour fermer le contour. Point d’interrogation pour toutes les touches.",
    draw: "Tracer un contour",
    shapes: (count) => (count ? one(count, "contour", "contours") : "Contours"),
    noShapesHint: "Cliquez sommet après sommet autour de l’objet, ou appuyez sur N.",
    noShapesTouch: "Touchez sommet après sommet autour de l’objet. Déplacez et zoomez avec deux doigts.",
    shapeNamed: (index, label) => `Contour ${index}\u00a0: ${label}`,
    position: "Sommets",
    twin: "Ce contour recouvre presque exactement un autre.",
    nextLabel: "Prochain contour",
    suggestionsHint:
      "Un modèle a tracé les contours en tirets. Il se trompe souvent\u00a0: acceptez, corrigez ou rejetez.",
    skipAndLose: (count) => `Passer et perdre ${one(count, "contour", "contours")}\u00a0?`,
    needAnswer: "Tracez un contour, ou dites «\u00a0Rien ici\u00a0».",
    needLabel: "Un contour n’a pas encore d’étiquette.",
    reviewItems: (count) => one(count, "contour à décider", "contours à décider"),
    undecided: (count) => `${one(count, "contour reste", "contours restent")} à décider.`,
    addBox: "Ajouter un contour oublié",
    allSaidNothing:
      "Tout le monde a répondu «\u00a0rien ici\u00a0». Enregistrez si c’est juste, ou ajoutez un contour.",
    keyMap: [
      [
        "Contours",
        [
          [["N"], "viseur au milieu"],
          [["Flèches"], "le déplacer (avec Maj plus loin)"],
          [["Espace"], "poser un sommet"],
          [["Entrée"], "fermer le contour"],
          [["Retour"], "reprendre le dernier sommet ; supprimer".replace(" ;", "\u00a0;")],
          [["Échap"], "abandonner, ou lâcher"],
          [[",", "."], "sommet précédent, suivant"],
          [["I"], "nouveau sommet après celui-ci"],
          [["[", "]"], "contour précédent, suivant"],
          [["1–9"], "choisir une étiquette"],
        ],
      ],
      image,
      [
        "À la main",
        [
          [["Clic", "Toucher"], "poser un sommet, choisir un contour"],
          [["Double clic"], "fermer le contour"],
          [["Tirer un sommet"], "le déplacer"],
          [["Tirer un petit point"], "nouveau sommet"],
          [["Deux doigts"], "se déplacer, zoomer et tourner"],
        ],
      ],
    ],
    reviewKeys: [
      [["A"], "accepter le contour"],
      [["R"], "le rejeter"],
      [["[", "]"], "contour précédent, suivant"],
      [["1–9"], "choisir une autre étiquette"],
      [["Flèches"], "déplacer le contour ou son sommet"],
      [[",", "."], "sommet précédent, suivant"],
      [["D", "N"], "ajouter un contour"],
      [["Ctrl Entrée"], "enregistrer et continuer"],
    ],
  },
  point: {
    imageHint:
      "N pour un viseur, les flèches pour le déplacer, Espace pour poser un point. Point d’interrogation pour toutes les touches.",
    draw: "Poser un point",
    shapes: (count) => (count ? one(count, "point", "points") : "Points"),
    noShapesHint: "Cliquez sur l’objet, ou appuyez sur N.",
    noShapesTouch: "Touchez l’objet. Déplacez et zoomez avec deux doigts.",
    shapeNamed: (index, label) => `Point ${index}\u00a0: ${label}`,
    position: "Position",
    twin: "Ce point recouvre presque exactement un autre.",
    nextLabel: "Prochain point",
    suggestionsHint:
      "Un modèle a posé les points en tirets. Il se trompe souvent\u00a0: acceptez, corrigez ou rejetez.",
    skipAndLose: (count) => `Passer et perdre ${one(count, "point", "points")}\u00a0?`,
    needAnswer: "Posez un point, ou dites «\u00a0Rien ici\u00a0».",
    needLabel: "Un point n’a pas encore d’étiquette.",
    reviewItems: (count) => one(count, "point à décider", "points à décider"),
    undecided: (count) => `${one(count, "point reste", "points restent")} à décider.`,
    addBox: "Ajouter un point oublié",
    allSaidNothing:
      "Tout le monde a répondu «\u00a0rien ici\u00a0». Enregistrez si c’est juste, ou ajoutez un point.",
    keyMap: [
      [
        "Points",
        [
          [["N"], "viseur au milieu"],
          [["Flèches"], "le déplacer, ou le point choisi (avec Maj plus loin)"],
          [["Espace", "Entrée"], "poser le point"],
          [["Échap"], "abandonner, ou lâcher"],
          [["Suppr"], "supprimer"],
          [["[", "]"], "point précédent, suivant"],
          [["1–9"], "choisir une étiquette"],
        ],
      ],
      image,
      [
        "À la main",
        [
          [["Clic", "Toucher"], "poser un point, en choisir un"],
          [["Tirer"], "déplacer le point choisi"],
          [["Deux doigts"], "se déplacer, zoomer et tourner"],
        ],
      ],
    ],
    reviewKeys: [
      [["A"], "accepter le point"],
      [["R"], "le rejeter"],
      [["[", "]"], "point précédent, suivant"],
      [["1–9"], "choisir une autre étiquette"],
      [["Flèches"], "déplacer le point"],
      [["D", "N"], "ajouter un point"],
      [["Ctrl Entrée"], "enregistrer et continuer"],
    ],
  },
};
