/** How the image is shown, in French. */

import { type ImagingTexts, rowsWithout } from "../imaging.ts";

const number = new Intl.NumberFormat("fr", { maximumSignificantDigits: 6 });

const turned = (degrees: number): string =>
  degrees ? `tournée de ${Math.abs(degrees)} degrés vers la ${degrees > 0 ? "droite" : "gauche"}` : "";

export const imaging: ImagingTexts = {
  title: "Réglages de l’image",
  titleChanged: "Réglages de l’image\u202f: modifiés",
  light: "Lumière et couleur",
  shares: { brightness: "Luminosité", contrast: "Contraste", saturation: "Couleur" },
  grey: "Niveaux de gris",
  invert: "Inverser",
  percent: (share) => `${Math.round(share * 100)}\u202f%`,
  turning: "Tourner",
  turnLeft: "Tourner à gauche",
  turnRight: "Tourner à droite",
  mirror: "Miroir",
  angle: "Angle",
  degrees: (value) => `${value}°`,
  layers: "Images",
  imageNamed: (index) => `Image ${index}`,
  choice: (index) => `Choix ${index}`,
  opacity: (name) => `Opacité\u202f: ${name}`,
  missing: "Une des images de cette page n’a pas pu être chargée. Choisissez-la à nouveau pour réessayer.",
  shown: (name) => `Affichée\u202f: ${name}`,
  aids: "Aides à la lecture",
  minimap: "Vue d’ensemble",
  loupe: "Loupe",
  measure: "Mesurer",
  measuring: "Tracez une ligne pour mesurer.",
  measuringTouch: "Tracez une ligne d’un doigt pour mesurer.",
  measuringKeys:
    "Au clavier\u202f: les flèches déplacent la croix, Espace pose une extrémité, Échap termine.",
  endMeasuring: "Terminer",
  length: ({ value, unit }) => `${number.format(value)}\u202f${unit}`,
  measured: (px, real) => (real ? `${real} (${px})` : px),
  reset: "Afficher telle quelle",
  stands: (degrees, flipped) =>
    degrees || flipped
      ? `L’image est ${[turned(degrees), flipped ? "en miroir" : ""].filter(Boolean).join(" et ")}.`
      : "L’image est telle quelle.",
  keys: (without) => [
    "Affichage de l’image",
    rowsWithout(
      [
        [["O"], "réglages de l’image"],
        [["R"], "tourner à droite (avec Maj à gauche)"],
        [["L"], "loupe"],
        [["K"], "mesurer"],
        [["<", ">"], "autres images de la même page"],
      ],
      without,
    ),
  ],
};
