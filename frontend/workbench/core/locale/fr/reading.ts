/** L’élément pour les pages des autres, en français. */

import type { ReadingTexts } from "../reading.ts";

const number = new Intl.NumberFormat("fr");

export const reading: ReadingTexts = {
  loading: "Lecture du manifeste…",
  previous: "Image précédente",
  next: "Image suivante",
  pageOf: (index, all) => `${number.format(index)} sur ${number.format(all)}`,
  overview: "Toutes les images",
  canvas: (index, label) =>
    label ? `Image ${number.format(index)}\u00a0: ${label}` : `Image n° ${number.format(index)}`,
  manifest: "Manifeste IIIF",
  nothingGiven: "Aucun manifeste n’est indiqué ici, ni aucun état de contenu IIIF.",
  noState: "L’état de contenu IIIF est incompréhensible. Vérifiez qu’il a été copié en entier.",
  blocked: (host) =>
    `${host} n’a pas pu être lu depuis cette page. Le site est injoignable, ou n’autorise pas les pages d’autres sites à le lire (CORS).`,
  mixed: (host) =>
    `${host} est indiqué en http, ce qu’une page en https ne peut pas lire. Essayez son adresse en https.`,
  status: (host, status) =>
    status === 404 || status === 410
      ? `${host} n’a rien à cette adresse (${status}).`
      : status === 401 || status === 403
        ? `${host} ne donne pas cela à tout le monde (${status}).`
        : `${host} a répondu par une erreur (${status}). Réessayez plus tard.`,
  noJson: (host) => `${host} a répondu, mais ce n’est pas du IIIF (pas de JSON).`,
  collection: "C’est une collection IIIF. Indiquez l’adresse de l’un de ses manifestes.",
  empty: "Le manifeste n’a pas d’image.",
  other: "Ce n’est pas un manifeste IIIF de version 2 ou 3.",
  noCanvas: "L’image demandée n’est pas dans ce manifeste\u00a0; la première est affichée.",
  pagesFailed: (count) =>
    count < 2
      ? "Une page d’annotations n’a pas pu être lue."
      : `${number.format(count)} pages d’annotations n’ont pas pu être lues.`,
  noImage: "Il n’y a rien à voir ici\u00a0: ce canevas n’a pas d’image.",
  partial:
    "Du son, de la vidéo ou du texte font aussi partie de ce canevas\u00a0; seules ses images sont affichées.",
  readingLayers: "Lecture des annotations…",
  wheel: "Cliquez dans l’image, ou maintenez Ctrl, pour zoomer avec la molette.",
  fromHere: "Image et ses annotations",
};
