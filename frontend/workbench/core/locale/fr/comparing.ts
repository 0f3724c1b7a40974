/** Deux régions côte à côte, en français. */

import type { ComparingTexts } from "../comparing.ts";

export const comparing: ComparingTexts = {
  pair: "Deux images à comparer",
  left: (label) => (label ? `À gauche\u202f: ${label}` : "À gauche"),
  right: (label) => (label ? `À droite\u202f: ${label}` : "À droite"),
  swap: "Échanger",
  swapped: (left) => `Les images ont changé de place. À gauche maintenant\u202f: ${left || "l’autre image"}.`,
  link: "Déplacer ensemble",
  linked: "Les deux images se déplacent ensemble.",
  unlinked: "Chaque image se déplace seule.",
  overlay: "L’une sur l’autre",
  overlaid: "L’image de droite recouvre celle de gauche.",
  sideBySide: "Les images sont côte à côte.",
  opacity: "Part visible de l’image du dessus",
  tools: "Présentation des images",
  keys: [
    "Comparer",
    [
      [["1–5"], "choisir une réponse"],
      [["X"], "échanger les images"],
      [["K"], "les déplacer ensemble, ou chacune seule"],
      [["O"], "poser l’une sur l’autre"],
      [["I"], "lumière et couleurs des deux, rotation de chacune"],
      [["R"], "tourner l’image en main (avec Maj vers la gauche)"],
      [["L"], "loupe"],
      [["E"], "mesurer"],
      [["<", ">"], "voir moins, voir plus de l’image du dessus"],
      [["+", "−", "0"], "agrandir, réduire, comme au début"],
      [["Flèches"], "se déplacer"],
      [["Ctrl Entrée"], "envoyer"],
      [["B"], "revenir à la paire précédente"],
    ],
  ],
};
