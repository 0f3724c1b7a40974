/** L'établi en français. */

import type { Texts } from "../texts.ts";
import { assist } from "./assist.ts";
import { comparing } from "./comparing.ts";
import { drawing } from "./drawing.ts";
import { helping } from "./helping.ts";
import { imaging } from "./imaging.ts";
import { layering } from "./layering.ts";
import { reading } from "./reading.ts";
import { reviewing } from "./reviewing.ts";
import { scriptorium } from "./scriptorium.ts";
import { sequence } from "./sequence.ts";
import { draft, several } from "./several.ts";
import { sheaf } from "./sheaf.ts";
import { sorting } from "./sorting.ts";
import { writing } from "./writing.ts";

const number = new Intl.NumberFormat("fr");
const one = (count: number, singular: string, plural: string) =>
  `${number.format(count)} ${count < 2 ? singular : plural}`;
const columns = ["à gauche", "au centre", "à droite"] as const;
const rows = ["en haut", "à mi-hauteur", "en bas"] as const;
const day = new Intl.DateTimeFormat("fr", {
  day: "numeric",
  month: "long",
  hour: "2-digit",
  minute: "2-digit",
});
const percent = (share: number) => `${Math.round(share * 100)}\u00a0%`;

export const texts: Texts = {
  lang: "fr",
  dir: "ltr",
  decimal: (value) => number.format(value),

  loading: "L’image suivante arrive…",
  image: "Image",
  imageHint:
    "N pour un nouveau cadre, les flèches pour le déplacer, Alt et les flèches pour le dimensionner, Entrée pour le poser. Point d’interrogation pour toutes les touches.",
  imageHintReading: "Plus et moins pour zoomer, les flèches pour se déplacer.",
  imageFailed: "L’image n’a pas pu être chargée. Réessayez, ou passez à la suivante.",
  instructions: "Comment faire",
  about: "À propos de cette image",
  from: (manifest) => `Extrait de « ${manifest} »`,

  panel: "Votre réponse",
  toolbar: "Outils",
  draw: "Tracer un cadre",
  move: "Se déplacer",
  goBack: "Revenir à l’image précédente",
  undo: "Annuler",
  redo: "Rétablir",
  zoomIn: "Agrandir",
  zoomOut: "Réduire",
  fit: "Image entière",
  keys: "Touches et gestes",
  close: "Fermer",

  shapes: (count) => (count ? one(count, "cadre", "cadres") : "Cadres"),
  noShapes: "Rien de tracé pour l’instant.",
  noShapesHint: "Tirez sur l’image pour tracer un cadre, ou appuyez sur N.",
  noShapesTouch: "Tracez d’un doigt. Déplacez et zoomez avec deux.",
  shapeNamed: (index, label) => `Cadre ${index} : ${label}`,
  unlabelled: "sans étiquette",
  onWhole: "sur l’image entière",
  place: (column, row) =>
    column === 1 && row === 1 ? "au milieu de l’image" : `${rows[row]} ${columns[column]} de l’image`,
  sizeShare: (share) =>
    share < 0.001
      ? "minuscule"
      : `${number.format(Number((share * 100).toFixed(share < 0.1 ? 1 : 0)))}\u00a0% de l’image`,
  edit: "Modifier",
  remove: "Supprimer",
  removeNamed: (name) => `Supprimer ${name}`,
  position: "Position et taille",
  x: "Gauche",
  y: "Haut",
  width: "Largeur",
  height: "Hauteur",
  placing:
    "Nouveau cadre. Les flèches le déplacent, Alt et les flèches le dimensionnent, Entrée le pose, Échap l’abandonne.",
  placed: "Cadre posé.",
  fromSuggestion: "suggestion acceptée",
  correctedSuggestion: "suggestion corrigée",
  twin: "Ce cadre recouvre presque exactement un autre.",

  label: "Étiquette",
  labels: "Étiquettes",
  chooseLabel: "Choisir une étiquette",
  typeToFind: "Tapez pour chercher une étiquette",
  nextLabel: "Prochain cadre",
  clearLabel: (label) => `Retirer ${label}`,
  results: (count) => one(count, "étiquette trouvée", "étiquettes trouvées"),
  noResults: (query) => `Aucune étiquette ne correspond à « ${query} ».`,
  propose: (query) => `Proposer « ${query} »`,
  conceptsFailed: "Les étiquettes n’ont pas pu être chargées. Vérifiez la connexion et tapez à nouveau.",
  recent: "Utilisées récemment",
  alsoCalled: (synonym) => `aussi : ${synonym}`,
  openList: "Montrer les étiquettes",

  suggestions: (count) => (count ? one(count, "suggestion", "suggestions") : "Suggestions"),
  suggestionsHint:
    "Un modèle a tracé les cadres en tirets. Il se trompe souvent : acceptez, corrigez ou rejetez.",
  suggestion: (label) => `Suggestion : ${label}`,
  sure: (share) => `sûr à ${percent(share)}`,
  accept: "Accepter",
  acceptNamed: (name) => `Accepter ${name}`,
  reject: "Rejeter",
  rejectNamed: (name) => `Rejeter ${name}`,

  chooseOne: "Choisissez une réponse",
  chooseMany: "Choisissez tout ce qui convient",
  nothingHere: "Rien ici",
  skip: "Passer",
  skipAndLose: (count) => `Passer et perdre ${one(count, "cadre", "cadres")} ?`,
  submit: "Envoyer",
  needAnswer: "Tracez un cadre, ou dites « Rien ici ».",
  needLabel: "Un cadre n’a pas encore d’étiquette.",
  needChoice: "Choisissez une réponse, ou dites « Rien ici ».",
  needOne: "Choisissez une des réponses.",
  comment: "Ajouter une remarque",
  commentHint: "Pour les personnes qui mènent cette campagne",

  saved: "Brouillon gardé sur cet appareil",
  keeping: "Mise à l’abri…",
  notKept: "Ce navigateur ne peut pas garder de brouillon. Envoyez avant de partir.",
  sending: (count) => (count > 1 ? `Envoi de ${count} réponses…` : "Envoi…"),
  handedIn: "C’est envoyé. Merci !",
  handedInShort: "Envoyé.",
  notSeenYet: "L’image n’est pas encore là : recommencez dès que vous la voyez.",
  changeSaved: "Modification enregistrée.",
  changeAgain: "Modifier encore",
  keptHere: "Gardé sur cet appareil.",
  moment: (at) => day.format(at),
  again: (moment) => `Vous avez envoyé cette réponse le ${moment}.`,
  againHint: "Vous pouvez la modifier tant que personne n’a décidé.",
  goOn: "Continuer",
  goOnWithout: "Continuer sans modifier",
  saveChange: "Enregistrer la modification",
  trail: "Vos dernières images",
  trailNamed: (index, label, moment) => `Image ${index} en arrière : ${label}, ${moment}`,
  cannotGoBack: "Cette image ne peut pas être ouverte pour l’instant.",
  versionHere: "Ici vous avez dit",
  versionThere: "Ailleurs vous avez dit",
  keepHere: "Garder ce que j’ai dit ici",
  keepThere: "Garder l’autre",
  keptOffline: (count) =>
    `${one(count, "réponse gardée", "réponses gardées")} ici jusqu’au retour de la connexion.`,
  keptSignin: (count) =>
    `Vous êtes déconnecté. ${one(count, "réponse gardée", "réponses gardées")} ici jusqu’à votre retour.`,
  keptServer: (count) =>
    `Le serveur ne répond pas. ${one(count, "réponse gardée", "réponses gardées")} ici ; nous réessayons.`,
  keptRefused: (count) =>
    count < 2
      ? "Une réponse n’a pas pu être envoyée et reste gardée ici :"
      : `${number.format(count)} réponses n’ont pas pu être envoyées et restent gardées ici :`,
  signIn: "Se connecter",
  tryAgain: "Réessayer",
  discard: "Abandonner",
  progress: (mine) => (mine ? `${one(mine, "image", "images")} de votre main` : "Votre première image"),
  progressOf: (retired, tasks) => `terminé\u202f: ${number.format(retired)} sur ${number.format(tasks)}`,
  preview: "Aperçu : rien de ce que vous faites ici n’est envoyé.",
  drawExample: "Dessinez la bonne réponse et envoyez-la : elle devient l’exemple de cette étape.",

  report: "Quelque chose ne va pas ici",
  reportHint: "Les responsables de la campagne regarderont. Votre réponse reste telle quelle.",
  reportReasons: {
    image: "L’image ne se charge pas ou est illisible",
    foreign: "L’image n’a pas sa place ici",
    question: "La question ne convient pas à cette image",
    missing: "L’étiquette dont j’ai besoin manque",
    other: "Autre chose",
  },
  reportText: "Avec vos mots",
  reportSend: "Envoyer",
  reported: "Merci. Les responsables de la campagne regarderont.",
  reportFailed: "L’envoi n’a pas abouti. Réessayez dans un instant.",
  discuss: "Ce que les autres disent de cette image",

  guide: "Guide de terrain (s’ouvre à côté)",
  tutorial: "Tutoriel",
  lessonOf: (now, total) => `Étape ${now} sur ${total}`,
  lessonBefore: "Retour",
  lessonNext: "Suivant",
  lessonsDone: "Vers les images",
  lessonsSkip: "Passer le tutoriel",
  lessonsFailed: "Le tutoriel n’a pas pu être chargé. Rouvrez-le dans un instant.",
  nothingThere: "Il n’y a rien ici.",

  nothingLeft: "Il n’y a plus rien à faire",
  nothingLeftText:
    "D’autres ont terminé toutes les images de cette campagne. Une autre a sûrement besoin de vous.",
  thanks: "C’était la dernière. Merci !",
  thanksText: (mine) =>
    `Vous avez travaillé sur ${one(mine, "image", "images")} de cette campagne. Il ne vous reste rien à faire ici : vos réponses vont maintenant être comparées et relues.`,
  notOpen: "Cette campagne n’est pas ouverte",
  notOpenText: {
    draft: "Elle est encore en préparation. Revenez bientôt.",
    paused: "Elle fait une pause. Ce que vous avez fait est à l’abri ; revenez plus tard.",
    closed: "Elle est terminée. Merci à toutes celles et ceux qui y ont pris part.",
    archived: "Elle est terminée. Merci à toutes celles et ceux qui y ont pris part.",
    pilot: "Elle n’accepte pas de réponse en ce moment. Revenez plus tard.",
    open: "Elle n’accepte pas de réponse en ce moment. Revenez plus tard.",
  },
  notQualified: "Merci d’avoir essayé",
  notQualifiedText:
    "Les réponses à ces premières images étaient connues, et les vôtres s’en écartent plus que cette campagne ne peut l’accepter. Il n’en reste plus pour un nouvel essai ; les responsables de la campagne voient ce qu’il en est. D’autres campagnes seront heureuses de vous accueillir.",
  notQualifiedTomorrow:
    "Les réponses à ces premières images étaient connues, et les vôtres s’en écartent plus que cette campagne ne peut l’accepter. Relisez les consignes et réessayez demain avec d’autres images.",
  known: "Ce que l’on savait de votre dernière image",
  knownMore: (count) => `et ${one(count, "autre", "autres")}`,
  putAway: "Ranger",
  allLeased: "D’autres y travaillent en ce moment",
  allLeasedText:
    "Toutes les images restantes sont entre les mains de quelqu’un. Nous regardons à nouveau de nous-mêmes.",
  troubleOffline: "Pas de connexion",
  troubleOfflineText:
    "Votre travail est gardé sur cet appareil. Nous reprenons dès le retour de la connexion.",
  troubleSignin: "Vous êtes déconnecté",
  troubleSigninText: "Votre travail est gardé sur cet appareil. Connectez-vous pour continuer.",
  troubleServer: "Le serveur ne répond pas",
  troubleServerText: "Votre travail est gardé sur cet appareil.",
  patience: (seconds) =>
    `Nous réessayons de nous-mêmes dans ${seconds < 90 ? one(seconds, "seconde", "secondes") : one(Math.round(seconds / 60), "minute", "minutes")}.`,
  troubleRefused: "Impossible d’ouvrir cette page",
  back: "Retour à la campagne",

  keyMap: [
    [
      "Cadres",
      [
        [["N"], "nouveau cadre au milieu"],
        [["Flèches"], "déplacer de 1 (avec Maj de 10)"],
        [["Alt + flèches"], "dimensionner de 1 (avec Maj de 10)"],
        [["Entrée"], "poser"],
        [["Échap"], "abandonner, ou lâcher"],
        [["Suppr"], "supprimer"],
        [["[", "]"], "cadre précédent, suivant"],
        [["1–9"], "choisir une étiquette"],
      ],
    ],
    [
      "Image",
      [
        [["+", "−", "0"], "agrandir, réduire, image entière"],
        [["Espace + tirer"], "se déplacer en traçant"],
        [["D", "V"], "tracer, se déplacer"],
        [["Ctrl Z", "Ctrl Y"], "annuler, rétablir"],
        [["Ctrl Entrée"], "envoyer"],
        [["B"], "revenir à l’image précédente"],
        [["T"], "le tutoriel, s’il y en a un"],
      ],
    ],
    [
      "Doigts",
      [
        [["Un doigt"], "tracer, ou tirer une poignée"],
        [["Deux doigts"], "se déplacer, zoomer et tourner"],
        [["Toucher"], "choisir un cadre"],
      ],
    ],
  ],

  review: "Relecture",
  reviewItems: (count) => one(count, "cadre à décider", "cadres à décider"),
  reviewEmpty: "Rien à relire",
  reviewEmptyText: "Toutes les images traitées sont décidées. D’autres apparaîtront ici au fil des envois.",
  reviewOwnText: (count) =>
    `${count === 1 ? "Une image attend" : `${number.format(count)} images attendent`} encore une décision, mais vous y avez répondu vous-même. C’est à une autre personne de trancher.`,
  reviewSecondText: (count) =>
    `${one(count, "image", "images")} que vous avez ${count === 1 ? "décidée attend" : "décidées attendent"} qu’une autre personne dise de même.`,
  secondReview: "Deux personnes décident. Décidez sans l’autre : son avis s’affiche ensuite.",
  reviewersDiffer: "Deux personnes divergent sur celle-ci. Votre décision tranche.",
  lookedBefore: (by, alike, items) => `${by} a dit de même pour ${alike} sur ${items}.`,
  waitsForSecond: "Elle attend une seconde personne.",
  waitsForThird: "Vous divergez : une troisième personne tranchera.",
  remaining: (count) => `${one(count, "image", "images")} à relire`,
  enough: "Assez :",
  whyNow: "Pourquoi elle :",
  picture: "Image",
  pictures: "Autres tailles et liens",
  agreed: (support, seen) => `${support} sur ${seen} l’ont tracé`,
  votes: "Votes",
  probable: (share) => `probable à ${Math.round(share * 100)} %`,
  kin: (label) => `Les réponses diffèrent, mais toutes relèvent de « ${label} ».`,
  voted: (label, count) => `${label}, ${one(count, "vote", "votes")}`,
  broader: "plus général",
  broaderHint: "Cette réponse ne contredit aucune des plus précises.",
  together: (label) => `Ensemble : ${label}, ce qui est vrai d’un nombre suffisant.`,
  people: "Personnes",
  personNamed: (index) => `Personne ${index}`,
  consensus: "Consensus",
  undecided: (count) => `${one(count, "cadre reste", "cadres restent")} à décider.`,
  allDecided: "Tout est décidé.",
  acceptRest: (count) =>
    count === 1 ? "Accepter le dernier" : `Accepter les ${number.format(count)} autres`,
  later: "Plus tard",
  allSaidNothing: "Tout le monde a répondu « rien ici ». Enregistrez si c’est juste, ou ajoutez un cadre.",
  saveDecisions: "Enregistrer et continuer",
  verdicts: {
    accepted: "accepté",
    corrected: "corrigé",
    rejected: "rejeté",
    added: "ajouté",
    merged: "fusionné",
    split: "divisé",
    none: "à décider",
  },
  mergeBox: "Fusionner",
  mergeHint: "Choisissez le cadre qui montre la même chose, puis Fusionner de nouveau.",
  mergeWith: (name) => `Fusionner avec ${name}`,
  mergedInto: (name) => `Ne fait qu’un avec ${name}.`,
  splitBox: "Diviser",
  splitHint: "Quelle réponse va dans quelle partie ?",
  partNamed: (index, label) => `Partie ${index} : ${label}`,
  newPart: "Nouvelle partie",
  relabel: "Étiqueter",
  takeBack: "Annuler",
  tookBack: "La décision est annulée. Décidez de nouveau, ou remettez à plus tard.",
  reason: "Raison",
  addBox: "Ajouter un cadre oublié",
  reviewKeys: [
    [["A"], "accepter le cadre"],
    [["R"], "le rejeter"],
    [["M"], "fusionner avec un autre : M, choisir, M"],
    [["S"], "diviser, ou réunir de nouveau"],
    [["L"], "changer l’étiquette"],
    [["U"], "revenir sur la dernière décision"],
    [["[", "]"], "cadre précédent, suivant"],
    [["1–9"], "choisir une autre étiquette"],
    [["Flèches"], "corriger le cadre"],
    [["D", "N"], "ajouter un cadre"],
    [["Ctrl Entrée"], "enregistrer et continuer"],
  ],

  judging: {
    shown: "Ce qui est montré",
    right: "Juste",
    correct: "Corriger",
    wrong: "Faux",
    correctHint: "Déplacez le cadre ou ses coins, ou choisissez une autre étiquette. Puis remettez-le.",
    otherLabel: "Ce que c’est",
    asShown: "Laisser tel quel",
    done: "Remettre corrigé",
    said: {
      open: "Est-ce juste ?",
      accepted: "Vous avez dit que c’est juste.",
      edited: "Vous l’avez corrigé.",
      rejected: "Vous avez dit que c’est faux.",
    },
    keys: [
      "Juger",
      [
        [["A", "Entrée"], "c’est juste"],
        [["E", "C"], "le corriger"],
        [["R", "Suppr"], "c’est faux"],
        [["1–9"], "en corrigeant : une autre étiquette"],
        [["Flèches"], "en corrigeant : déplacer le cadre ; avec Alt sa taille"],
        [["Entrée"], "remettre la correction"],
        [["Échap"], "quitter la correction"],
        [["B"], "revenir à la précédente"],
        [["+", "−", "0"], "plus près, plus loin, image entière"],
      ],
    ],
  },

  grid: {
    hint: "Regardez chaque image et pressez celles qui sont fausses. Puis dites que les autres sont justes.",
    pictures: (count) => one(count, "image", "images"),
    crop: (index, count) => `Image ${index} sur ${count}`,
    said: {
      open: "rien de dit encore",
      accepted: "juste",
      edited: "corrigée",
      rejected: "fausse",
      passed: "laissée à d’autres",
    },
    now: (count, said) => `${one(count, "image", "images")}\u00a0: ${texts.grid.said[said]}.`,
    picked: "choisie",
    several: "En choisir plusieurs",
    chosen: (count) => one(count, "choisie", "choisies"),
    right: "Justes",
    wrong: "Fausses",
    pass: "Laisser à d’autres",
    none: "N’en choisir aucune",
    bare: (count) => `${one(count, "correction attend", "corrections attendent")} une étiquette.`,
    othersRight: (open, count) =>
      open === count
        ? `Les ${number.format(count)} sont justes`
        : open === 1
          ? "La dernière est juste"
          : `Les ${number.format(open)} autres sont justes`,
    handIn: (count) => `En remettre ${number.format(count)}`,
    closer: "Regarder de plus près",
    correctHint:
      "Déplacez le cadre ou ses coins, ou choisissez une autre étiquette, si ce n’est pas tout à fait juste.",
    done: "Retour aux images",
    keys: [
      "Juger beaucoup",
      [
        [["Flèches"], "d’image en image"],
        [["Espace", "R"], "elle est fausse\u202f; encore\u00a0: le reprendre"],
        [["A"], "elle est juste"],
        [["S"], "la laisser à d’autres"],
        [["E"], "regarder de plus près, corriger"],
        [["Maj Flèches", "glisser"], "en choisir plusieurs"],
        [["Ctrl A", "Échap"], "toutes, aucune"],
        [["Entrée"], "les autres sont justes\u202f; puis\u00a0: remettre"],
        [["Ctrl Z", "Ctrl Y"], "annuler, rétablir"],
      ],
    ],
  },

  layers: "Calques",

  drawing,
  imaging,
  layering,
  reading,
  several,
  sorting,
  draft,
  reviewing,
  scriptorium,
  assist,
  helping,
  sheaf,
  comparing,
  writing,
  sequence,

  protectedImage: "Cette image est protégée",
  protectedBy: (host) => `${host} la montre aux personnes qui s’y sont identifiées.`,
  signInAt: (host) => `S’identifier sur ${host}`,
  opensWindow: (host) => `Ouvre une fenêtre de ${host}. Nous ne voyons jamais ce que vous y saisissez.`,
  windowOpen: (host) =>
    `Identifiez-vous sur ${host}, puis fermez sa fenêtre\u00a0: l’image apparaît alors ici.`,
  windowBlocked:
    "Votre navigateur a empêché la fenêtre de s’ouvrir. Autorisez-la pour cette page et réessayez.",
};
