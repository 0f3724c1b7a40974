/** The pretend server's campaigns, vocabularies and tasks. */

import { randomUUID } from "node:crypto";
import { page } from "./pages.ts";

interface DevConcept {
  readonly id: string;
  readonly label: { readonly en: string; readonly fr: string };
  readonly also: readonly string[];
  readonly path: readonly { readonly en: string; readonly fr: string }[];
}

const concept = (
  n: number,
  en: string,
  fr: string,
  also: string[] = [],
  path: DevConcept["path"] = [],
): DevConcept => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  label: { en, fr },
  also,
  path,
});

const CLEF = [{ en: "Clef", fr: "Clef" }];
const MAMMAL = [
  { en: "Animals", fr: "Animaux" },
  { en: "Mammals", fr: "Mammifères" },
];
const BIRD = [
  { en: "Animals", fr: "Animaux" },
  { en: "Birds", fr: "Oiseaux" },
];

export const CONCEPTS = {
  clefs: [
    concept(1, "G clef", "Clef de sol", ["treble clef", "clé de sol"], CLEF),
    concept(2, "F clef", "Clef de fa", ["bass clef", "clé de fa"], CLEF),
    concept(3, "C clef", "Clef d’ut", ["alto clef", "clé d’ut"], CLEF),
  ],
  hands: ["Anna", "Bach", "Copyist 3", "Dorothea", "Unknown hand"].map((name, n) =>
    concept(20 + n, name, name),
  ),
  animals: [
    ...[
      "Lion",
      "Hare",
      "Stag",
      "Boar",
      "Bear",
      "Fox",
      "Wolf",
      "Horse",
      "Ox",
      "Dog",
      "Cat",
      "Mole",
      "Squirrel",
    ].map((en, n) =>
      concept(
        40 + n,
        en,
        [
          "Lion",
          "Lièvre",
          "Cerf",
          "Sanglier",
          "Ours",
          "Renard",
          "Loup",
          "Cheval",
          "Bœuf",
          "Chien",
          "Chat",
          "Taupe",
          "Écureuil",
        ][n] ?? en,
        en === "Stag" ? ["hart", "deer"] : [],
        MAMMAL,
      ),
    ),
    ...["Eagle", "Peacock", "Heron", "Owl", "Magpie"].map((en, n) =>
      concept(
        60 + n,
        en,
        ["Aigle", "Paon", "Héron", "Chouette", "Pie"][n] ?? en,
        en === "Heron" ? ["hern"] : [],
        BIRD,
      ),
    ),
  ],
};

const base = (slug: string, en: string, fr: string) => ({
  slug,
  title: { en, fr },
  summary: { en: "", fr: "" },
  status: "open",
  question: {
    kind: "locate",
    draws: true,
    takes_nothing: true,
    answers: [] as { name: string; concept: string; letters: Record<string, string> }[],
    shapes: "box",
    prompt: { en, fr },
    many: false,
    required_label: true,
  },
  instructions_html: {
    en: "<p>Draw a box around each clef, tight to the ink. Say which clef it is.</p><ul><li>A clef cut by the edge counts.</li><li>If you are not sure, skip the page.</li></ul>",
    fr: "<p>Tracez un cadre autour de chaque clef, au plus près de l’encre, et dites laquelle c’est.</p>",
  },
  vocabulary: { slug: "notation", branch: null, count: 3 },
  overlap: 3,
  shows_predictions: false,
});

const drawing = (slug: string, shapes: string, en: string, fr: string) => {
  const campaign = base(slug, en, fr);
  return { ...campaign, question: { ...campaign.question, shapes } };
};

export const campaigns: Record<string, ReturnType<typeof base>> = {
  clefs: base("clefs", "Draw every clef", "Encadrez chaque clef"),
  suggest: { ...base("suggest", "Draw every clef", "Encadrez chaque clef"), shows_predictions: true },
  animals: {
    ...base("animals", "Find the animals in the margins", "Trouvez les animaux dans les marges"),
    vocabulary: { slug: "animals", branch: null, count: 18 },
  },
  hands: {
    ...base("hands", "Which hand wrote this page?", "Quelle main a écrit cette page ?"),
    question: {
      kind: "tag",
      draws: false,
      takes_nothing: true,
      answers: [],
      shapes: "box",
      prompt: { en: "Which hand wrote this page?", fr: "Quelle main a écrit cette page ?" },
      many: false,
      required_label: true,
    },
    vocabulary: { slug: "hands", branch: null, count: 5 },
  },
  outlines: drawing("outlines", "polygon", "Trace every clef", "Tracez le contour de chaque clef"),
  points: drawing("points", "point", "Mark every clef", "Marquez chaque clef"),
  bands: base("bands", "Draw every clef", "Encadrez chaque clef"),
  paused: { ...base("paused", "Draw every clef", "Encadrez chaque clef"), status: "paused" },
  empty: base("empty", "Draw every clef", "Encadrez chaque clef"),
};

export function assignmentFor(slug: string, index: number) {
  const { width, height, clefs } = page(index);
  // The canvas is twice the image: what is handed in must be in canvas space.
  const suggested = slug === "suggest" ? clefs.slice(0, 4) : [];
  return {
    id: randomUUID(),
    expires_at: new Date(Date.now() + 1_800_000).toISOString(),
    task: {
      id: `10000000-0000-4000-8000-00000000000${index}`,
      canvas: {
        id: `20000000-0000-4000-8000-00000000000${index}`,
        uri: `https://example.org/canvas/${index}`,
        label: { en: [`Page ${index + 1}`], fr: [`Page ${index + 1}`] },
        width: width * 2,
        height: height * 2,
        image: { service: `/iiif/${index}`, version: 3, url: null, width, height },
        ...(slug === "bands" ? bands(index, width, height) : {}),
        manifest: {
          id: "m",
          label: { en: ["Six dances for keyboard"], fr: ["Six danses pour clavier"] },
          rights: "https://creativecommons.org/publicdomain/zero/1.0/",
          required_statement: { label: { en: ["Provided by"] }, value: { en: ["The pretend library"] } },
        },
      },
      region: null,
    },
    predictions: suggested.map(([x, y, w, h], n) => ({
      id: `30000000-0000-4000-8000-0000000000${index}${n}`,
      box: [x * 2 - 6, y * 2 + 8, w * 2, h * 2],
      concepts: [{ id: CONCEPTS.clefs[n % 2]?.id ?? "", label: CONCEPTS.clefs[n % 2]?.label.en ?? "" }],
      confidence: 0.93 - n * 0.17,
    })),
  };
}

/** Three pages as if they were the same one in other lights, another on a corner of it, and how large all that is. */
function bands(index: number, width: number, height: number) {
  const of = (shift: number, label: string) => ({
    service: `/iiif/${(index + shift) % 6}`,
    version: 3,
    url: null,
    width,
    height,
    label: { en: [label] },
    part: null,
    rotation: null,
  });
  const lights = [of(0, "Natural light"), of(1, "Infrared, 940 nm"), of(2, "Raking light from the left")];
  const inset = { place: [1700, 2600, 840, 1140], choices: [of(3, "Leaf pasted in")] };
  return { images: [{ place: null, choices: lights }, inset], scale: { factor: 0.1, units: "mm" } };
}

/** A lozenge within a box, as an outline that somebody drew. */
const lozenge = ([x, y, w, h]: readonly number[]): number[][] =>
  x === undefined || y === undefined || w === undefined || h === undefined
    ? []
    : [
        [x + w / 2, y],
        [x + w, y + h * 0.4],
        [x + w * 0.7, y + h],
        [x, y + h * 0.6],
      ];

/** The same to review as outlines. */
export function outlineReview(done: number) {
  const { items, ...rest } = reviewTask(done);
  return {
    ...rest,
    items: items.map((item) => ({
      ...item,
      points: lozenge(item.box),
      members: item.members.map((member) => ({ ...member, points: lozenge(member.box) })),
    })),
  };
}

export function reviewTask(done: number) {
  if (done >= 3) return { task: null, items: [], remaining: 0 };
  const { task } = assignmentFor("clefs", done);
  const people = ["heron", "magpie", "squirrel", "badger"];
  const label = (n: number) => ({
    id: CONCEPTS.clefs[n % 3]?.id ?? "",
    label: CONCEPTS.clefs[n % 3]?.label.en ?? "",
  });
  const items = page(done)
    .clefs.slice(0, 5)
    .map(([x, y, w, h], n) => {
      const who = people.slice(0, 4 - (n % 3));
      return {
        id: `40000000-0000-4000-8000-0000000000${done}${n}`,
        box: [x * 2, y * 2, w * 2, h * 2],
        concepts: [label(0)],
        votes: [
          { concept: label(0).id, label: label(0).label, count: who.length - (n % 2) },
          ...(n % 2 ? [{ concept: label(1).id, label: label(1).label, count: 1 }] : []),
        ],
        support: who.length,
        seen: 4,
        disagreement: 0.8 - n * 0.15,
        members: who.map((participant, k) => ({
          annotation: `50000000-0000-4000-8000-000000000${done}${n}${k}`,
          participant,
          box: [x * 2 + k * 9 - 12, y * 2 - k * 7 + 6, w * 2 + k * 5, h * 2 + k * 8],
          concepts: [label(n % 2 && k === 1 ? 1 : 0)],
        })),
      };
    });
  const retirement = { sentence: "3 people have answered." };
  return { task, items, retirement, remaining: 3 - done };
}
