/** The shapes of what the server and the workbench say to each other; see `/api/schema/` for the whole. */

import type { Box, Point } from "./geometry.ts";
import type { Scale } from "./measuring.ts";
import type { ShapeKind } from "./outline.ts";
import { languageIn } from "./reading.ts";

/** The corners of an outline within a box, or the one point in its middle; empty or absent for a box. */
type Points = readonly Point[];

/** A title we own: one text per language. */
export type Titles = Readonly<Record<string, string>>;
/** A IIIF language map. */
export type LanguageMap = Readonly<Record<string, readonly string[]>>;

export interface Progress {
  readonly tasks: number;
  readonly retired: number;
  readonly contributions: number;
  readonly mine: number;
}

export interface Campaign {
  readonly slug: string;
  readonly title: Titles;
  readonly summary: Titles;
  readonly status: "draft" | "pilot" | "open" | "paused" | "closed" | "archived";
  readonly question: {
    readonly kind: string;
    /** People draw the places themselves; else the task has them. */
    readonly draws: boolean;
    /** “Nothing here” is an answer. */
    readonly takes_nothing: boolean;
    /** The few answers that the question brings itself; `letters` by language choose them, beside their numbers. */
    readonly answers: readonly {
      readonly name: string;
      readonly concept: string;
      readonly letters: Titles;
    }[];
    /** What they draw; an older server knows of boxes only. */
    readonly shapes?: ShapeKind;
    readonly prompt: Titles;
    readonly many: boolean;
    readonly required_label: boolean;
    /** Each task shows one thing, to be accepted, corrected or rejected. */
    readonly judges?: boolean;
    /** Each task shows two regions to be compared. */
    readonly pairs?: boolean;
    readonly show?: "one" | "grid";
    /** How many tasks at most are given out at once. */
    readonly grid?: number;
    readonly may_correct?: boolean;
    /** People are asked how sure they are. */
    readonly certainty?: boolean;
    /** People write a text. */
    readonly writes?: boolean;
    /** The languages that may be written in; none are all. */
    readonly languages?: readonly string[];
    readonly max_length?: number;
    readonly multiline?: boolean;
    readonly purpose?: "describing" | "supplementing";
    /** Of a sequence its questions; else none. */
    readonly steps?: readonly StepAsked[];
  };
  readonly instructions_html: Titles;
  /** How many steps the tutorial has, and whether this person has seen it. */
  readonly tutorial?: { readonly steps: number; readonly seen: boolean };
  readonly vocabulary: {
    readonly slug: string;
    readonly branch: string | null;
    readonly count: number;
  } | null;
  readonly overlap: number;
  readonly shows_predictions: boolean;
  readonly progress: Progress;
}

/** A step of the tutorial: a text, and a picture on which the right answer is drawn. */
export interface Lesson {
  readonly id: string;
  readonly text_html: Titles;
  /** The address of the picture, and which part of its canvas that is. */
  readonly picture: { readonly crop: string; readonly box: Box; readonly label: LanguageMap } | null;
  readonly marks: readonly { readonly box: Box; readonly points?: Points; readonly label: string }[];
  readonly labels: readonly string[];
  readonly nothing_here: boolean;
}

export interface Tutorial {
  readonly steps: readonly Lesson[];
  readonly seen: boolean;
}

/** One of several questions that are asked in sequence, and on what earlier one it depends. */
export interface StepAsked {
  readonly name: string;
  readonly question: Campaign["question"];
  readonly condition: {
    readonly step: string;
    readonly answers?: readonly string[];
    readonly something?: boolean | null;
    /** With all concepts below them. */
    readonly concepts?: readonly string[];
  } | null;
}

/** Something written, in a language (a BCP 47 tag). */
export interface Written {
  readonly value: string;
  readonly language: string;
}

export interface ConceptRef {
  readonly id: string;
  readonly label: string;
  /** Where it is known. */
  readonly uri?: string;
}

export interface ConceptFound extends ConceptRef {
  readonly uri?: string;
  readonly notation?: string | null;
  /** The synonym that matched, when it was not the label itself. */
  readonly matched?: string | null;
  readonly path?: readonly string[];
  readonly scope_note?: string | null;
  /** The concepts of the path, from the root to the parent. */
  readonly ancestors?: readonly string[];
}

/** A way to be let in by an institution, as its manifest offers it. */
export interface AccessService {
  readonly profile: "active" | "kiosk" | "external";
  readonly url: string | null;
  readonly token: string;
  readonly logout: string | null;
  readonly label: LanguageMap;
  readonly heading: LanguageMap;
  readonly note: LanguageMap;
  readonly confirm: LanguageMap;
}

/** IIIF Authentication 1.0 or Authorization Flow 2.0; only the latter has a probe. */
export interface Auth {
  readonly version: 1 | 2;
  readonly probe: string | null;
  readonly access: readonly AccessService[];
  readonly heading: LanguageMap;
  readonly note: LanguageMap;
}

export interface ImageSource {
  readonly service: string | null;
  readonly version: 1 | 2 | 3 | null;
  readonly url: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly auth?: Auth | null;
  /** The info.json, where it has been fetched with a token. */
  readonly info?: unknown;
}

/** One of the images that a painted one may be. */
export interface ImageChoice extends ImageSource {
  readonly label: LanguageMap;
  /** What of the image is used, in its pixels; null for all of it. */
  readonly part: Box | null;
  /** Degrees clockwise. */
  readonly rotation: number | null;
}

/** An image on its place on the canvas (null: all of it), the default choice first. */
export interface PaintedImage {
  readonly place: Box | null;
  readonly choices: readonly ImageChoice[];
}

export interface Canvas {
  readonly id: string;
  readonly uri: string;
  readonly label: LanguageMap;
  readonly width: number;
  readonly height: number;
  /** The one that stands for the canvas. */
  readonly image: ImageSource;
  /** All that is painted, in order; an older server does not tell. */
  readonly images?: readonly PaintedImage[];
  readonly scale?: Scale | null;
  readonly manifest?: {
    readonly id: string;
    readonly label: LanguageMap;
    readonly rights: string | null;
    readonly required_statement: { readonly label: LanguageMap; readonly value: LanguageMap } | null;
  } | null;
}

/** The other region of a pair. */
export interface Beside {
  readonly annotation: string;
  readonly canvas: Canvas;
  readonly region: Box | null;
  readonly crop?: string;
}

export interface Task {
  readonly id: string;
  readonly canvas: Canvas;
  readonly region: Box | null;
  /** Address of the picture of the region, else of the whole canvas. */
  readonly crop?: string;
  /** The annotation that is asked about, and what it is compared with. */
  readonly about?: string | null;
  readonly beside?: Beside | null;
  /** Which of the two annotations stands on the left for this person. */
  readonly left?: string | null;
}

export interface Prediction {
  readonly id: string;
  readonly box: Box | null;
  readonly points?: Points;
  readonly concepts: readonly ConceptRef[];
  readonly confidence: number | null;
  /** Address of its picture. */
  readonly crop?: string;
}

export interface Assignment {
  readonly id: string;
  readonly expires_at: string;
  readonly task: Task;
  readonly predictions: readonly Prediction[];
  /** The other regions that are asked about on this canvas. */
  readonly neighbours?: readonly Box[];
  /** Whether more like a drawn box may be looked for. */
  readonly finds_similar?: boolean;
}

export interface Claim {
  readonly assignment: Assignment | null;
  readonly reason: "nothing_left" | "campaign_not_open" | "all_leased" | "not_qualified" | null;
  readonly retry_after_s: number | null;
  readonly progress: Progress;
}

/** Several leases at once. */
export interface Batch {
  readonly assignments: readonly Assignment[];
  readonly reason: Claim["reason"];
  readonly retry_after_s: number | null;
  readonly progress: Progress;
}

export type Origin = "drawn" | "copied" | "accepted" | "edited";
export type Certainty = "sure" | "likely" | "unsure";
export const CERTAINTIES: readonly Certainty[] = ["sure", "likely", "unsure"];
export type Device = "phone" | "tablet" | "desktop";

/** What is handed in. The id is made here, so that sending it twice is harmless. */
export interface Contribution {
  readonly id: string;
  readonly assignment: string;
  readonly nothing_here: boolean;
  readonly shapes: readonly {
    readonly id: string;
    /** Of a box; others have points. */
    readonly box?: Box;
    readonly points?: Points;
    readonly concepts: readonly string[];
    readonly origin: Origin;
    readonly prediction: string | null;
    readonly certainty?: Certainty;
  }[];
  readonly concepts: readonly string[];
  readonly texts?: readonly Written[];
  /** Of a sequence the answer to each step that is asked. */
  readonly steps?: Readonly<
    Record<string, Pick<Contribution, "nothing_here" | "shapes" | "concepts" | "texts">>
  >;
  readonly rejected_predictions: readonly string[];
  readonly comment: string;
  readonly certainty?: Certainty;
  /** Of a pair: what stood on the left when the answer was given. */
  readonly left?: string;
  readonly time_spent_s: number;
  readonly locale: string;
  readonly device: Device;
  /** Width and height of the canvas on which the boxes were drawn: it may get another size meanwhile. */
  readonly canvas_size: readonly [number, number];
}

/** The answer that was known already, beside the one that was handed in. */
export interface Feedback {
  /** How near one's own came, 0 to 1. */
  readonly score: number;
  readonly sentence: string;
  readonly nothing_here: boolean;
  readonly concepts: readonly ConceptRef[];
  readonly shapes: readonly {
    readonly box: Box;
    readonly concepts: readonly ConceptRef[];
    readonly crop: string;
  }[];
  readonly texts?: readonly Written[];
  /** Address of the picture that was asked about, and of what it was compared with. */
  readonly crop: string;
  readonly beside?: string | null;
}

export interface Receipt {
  readonly id: string;
  readonly assignment: string;
  readonly submitted_at: string;
  readonly counted: boolean;
  readonly progress: Progress;
  /** Only where the campaign tells what was known. */
  readonly feedback?: Feedback | null;
}

/** What became of one of several contributions that were sent together. */
export interface BatchResult {
  readonly id: string | null;
  readonly status: number;
  readonly receipt: Receipt | null;
  readonly problem: { readonly detail: string; readonly code: string } | null;
}

/** What somebody has handed in, as it stands on the server; an amendment is based on its revision. */
export interface Own {
  readonly id: string;
  readonly submitted_at: string;
  readonly revision: number;
  readonly why_not: { readonly code: string; readonly detail: string } | null;
  readonly canvas_label: LanguageMap;
  readonly crop: string;
  readonly answer: {
    readonly nothing_here: boolean;
    readonly shapes: readonly {
      readonly id: string;
      readonly box: Box;
      readonly points?: Points;
      readonly concepts: readonly ConceptRef[];
      readonly origin: Origin;
      readonly prediction: string | null;
      readonly certainty?: Certainty;
    }[];
    readonly concepts: readonly ConceptRef[];
    readonly texts?: readonly Written[];
    readonly steps?: Readonly<
      Record<string, Pick<Own["answer"], "nothing_here" | "shapes" | "concepts" | "texts">>
    >;
    readonly rejected_predictions: readonly string[];
    readonly comment: string;
    readonly certainty?: Certainty | null;
    /** Of a pair: what stood on the left. */
    readonly left?: string | null;
  };
}

export interface OwnDetail extends Own {
  readonly assignment: Assignment;
}

/** Another answer in the place of one's own: the id is that of the amendment, made here. */
export type Amendment = Omit<Contribution, "assignment"> & { readonly based_on: number };

export type Verdict = "accepted" | "corrected" | "rejected" | "added" | "merged" | "split";

export interface ReviewItem {
  readonly id: string;
  readonly box: Box | null;
  readonly points?: Points;
  /** The IIIF address of its picture. */
  readonly crop?: string;
  readonly concepts: readonly ConceptRef[];
  readonly votes: readonly {
    readonly concept: string;
    readonly label: string;
    readonly count: number;
    /** It stands above another that was given, and contradicts nobody. */
    readonly coarser?: boolean;
    /** Of the label, 0 to 1, where votes weigh by how reliable people are. */
    readonly probability?: number | null;
  }[];
  /** What different labels have above them all. */
  readonly kin?: ConceptRef | null;
  /** What more than half wrote alike. */
  readonly text?: Written | null;
  /** Of a sequence the question it answers, and whether that is not asked after what more than half said before. */
  readonly step?: string;
  readonly moot?: boolean;
  /** Everything that was written, first what is most like all others. */
  readonly written?: readonly (Written & { readonly people: readonly string[] })[];
  readonly support: number;
  readonly seen: number;
  /** How its place came about, as a sentence. */
  readonly place?: string;
  readonly disagreement: number;
  /** What the reviewer said of it among the crops, before the rest of its task. */
  readonly kept?: {
    readonly verdict: Verdict;
    readonly concepts: readonly ConceptRef[];
    readonly reason: string;
  } | null;
  readonly members: readonly {
    readonly annotation: string;
    readonly participant: string;
    readonly box: Box | null;
    readonly points?: Points;
    readonly concepts: readonly ConceptRef[];
  }[];
}

export interface ReviewTask {
  readonly task: Task | null;
  readonly items: readonly ReviewItem[];
  /** Pseudonyms of all who saw the task, those who drew nothing included. */
  readonly people?: readonly string[];
  /** Why nobody else was asked. */
  readonly retirement?: { readonly sentence: string } | null;
  /** Why this one comes now. */
  readonly why?: { readonly sentence: string } | null;
  readonly remaining: number;
  /** Further ones that wait for somebody else: whoever reviews answered them. */
  readonly own?: number;
  /** Further ones about which whoever reviews has spoken: another must say the same. */
  readonly second?: number;
  /** How far the review is, without what anybody said. */
  readonly standing?: { readonly wanted: number; readonly given: number; readonly differ: boolean } | null;
}

export interface Decision {
  readonly id: string;
  readonly task: string;
  readonly items: readonly {
    readonly id: string | null;
    readonly verdict: Verdict;
    readonly box: Box | null;
    readonly points?: Points;
    readonly concepts: readonly string[];
    readonly text?: Written;
    readonly reason: string;
    /** Of a sequence the question that something added answers. */
    readonly step?: string;
    /** The items that become one with a merged one. */
    readonly merges?: readonly string[];
    /** What a split one falls into, by the answers in it. */
    readonly parts?: readonly {
      readonly members: readonly string[];
      readonly box: Box | null;
      readonly concepts: readonly string[];
    }[];
  }[];
}

/** What became of a decision; with what others had said, where two must say the same. */
export interface Decided {
  readonly decided_at: string | null;
  readonly looks?: readonly { readonly by: string; readonly items: number; readonly alike: number }[];
}

/** The best text of a title for a reader's language. */
export function titleIn(titles: Titles | undefined, lang: string): string {
  return titles?.[languageIn(titles, lang)] ?? "";
}

/** The best text of a IIIF language map for a reader's language. */
export function textIn(map: LanguageMap | undefined, lang: string): string {
  const values = map?.[lang] ?? map?.none ?? map?.en ?? Object.values(map ?? {})[0];
  return (values ?? []).join(" ");
}
