/** Every sentence the workbench can say. Another language is one more folder with an `index.ts` of this shape. */

import type { Third } from "../geometry.ts";
import type { AssistTexts } from "./assist.ts";
import type { ComparingTexts } from "./comparing.ts";
import type { DrawingTexts } from "./drawing.ts";
import type { HelpingTexts } from "./helping.ts";
import type { ImagingTexts } from "./imaging.ts";
import type { LayeringTexts } from "./layering.ts";
import type { ReadingTexts } from "./reading.ts";
import type { ReviewingTexts } from "./reviewing.ts";
import type { ScriptoriumTexts } from "./scriptorium.ts";
import type { SequenceTexts } from "./sequence.ts";
import type { DraftTexts, SeveralTexts } from "./several.ts";
import type { SheafTexts } from "./sheaf.ts";
import type { SortingTexts } from "./sorting.ts";
import type { WritingTexts } from "./writing.ts";

export interface Texts {
  lang: string;
  dir: "ltr" | "rtl";
  decimal(value: number): string;

  loading: string;
  image: string;
  /** Told to screen readers with the image. */
  imageHint: string;
  imageHintReading: string;
  imageFailed: string;
  instructions: string;
  about: string;
  from(manifest: string): string;

  toolbar: string;
  panel: string;
  draw: string;
  move: string;
  /** To the task handed in before. */
  goBack: string;
  undo: string;
  redo: string;
  zoomIn: string;
  zoomOut: string;
  fit: string;
  keys: string;
  close: string;

  shapes(count: number): string;
  noShapes: string;
  noShapesHint: string;
  noShapesTouch: string;
  shapeNamed(number: number, label: string): string;
  unlabelled: string;
  onWhole: string;
  place(column: Third, row: Third): string;
  sizeShare(share: number): string;
  edit: string;
  remove: string;
  removeNamed(name: string): string;
  position: string;
  x: string;
  y: string;
  width: string;
  height: string;
  placing: string;
  placed: string;
  fromSuggestion: string;
  correctedSuggestion: string;
  twin: string;

  label: string;
  labels: string;
  chooseLabel: string;
  typeToFind: string;
  nextLabel: string;
  clearLabel(label: string): string;
  results(count: number): string;
  noResults(query: string): string;
  propose(query: string): string;
  conceptsFailed: string;
  recent: string;
  alsoCalled(synonym: string): string;
  openList: string;

  suggestions(count: number): string;
  suggestionsHint: string;
  suggestion(label: string): string;
  sure(share: number): string;
  accept: string;
  acceptNamed(name: string): string;
  reject: string;
  rejectNamed(name: string): string;

  chooseOne: string;
  chooseMany: string;
  nothingHere: string;
  skip: string;
  skipAndLose(count: number): string;
  submit: string;
  needAnswer: string;
  needLabel: string;
  needChoice: string;
  needOne: string;
  comment: string;
  commentHint: string;

  saved: string;
  keeping: string;
  notKept: string;
  sending(count: number): string;
  handedIn: string;
  handedInShort: string;
  /** A key was pressed before the image was on the screen. */
  notSeenYet: string;
  changeSaved: string;
  changeAgain: string;
  keptHere: string;
  /** A moment, in milliseconds since the epoch, as one says it. */
  moment(at: number): string;
  again(moment: string): string;
  againHint: string;
  goOn: string;
  goOnWithout: string;
  saveChange: string;
  trail: string;
  trailNamed(index: number, label: string, moment: string): string;
  cannotGoBack: string;
  versionHere: string;
  versionThere: string;
  keepHere: string;
  keepThere: string;
  keptOffline(count: number): string;
  keptSignin(count: number): string;
  keptServer(count: number): string;
  keptRefused(count: number): string;
  signIn: string;
  tryAgain: string;
  discard: string;
  progress(mine: number): string;
  progressOf(retired: number, tasks: number): string;
  preview: string;
  /** Above the question, where an example for the tutorial is drawn. */
  drawExample: string;

  report: string;
  reportHint: string;
  reportReasons: Record<"image" | "foreign" | "question" | "missing" | "other", string>;
  reportText: string;
  reportSend: string;
  reported: string;
  reportFailed: string;
  discuss: string;

  guide: string;
  tutorial: string;
  lessonOf(number: number, total: number): string;
  lessonBefore: string;
  lessonNext: string;
  lessonsDone: string;
  lessonsSkip: string;
  lessonsFailed: string;
  nothingThere: string;

  nothingLeft: string;
  nothingLeftText: string;
  thanks: string;
  thanksText(mine: number): string;
  notOpen: string;
  notOpenText: Record<"draft" | "pilot" | "paused" | "closed" | "open" | "archived", string>;
  notQualified: string;
  notQualifiedText: string;
  notQualifiedTomorrow: string;
  /** The name of what is told about a picture whose answer was known. */
  known: string;
  knownMore: (count: number) => string;
  putAway: string;
  allLeased: string;
  allLeasedText: string;
  troubleOffline: string;
  troubleOfflineText: string;
  troubleSignin: string;
  troubleSigninText: string;
  troubleServer: string;
  troubleServerText: string;
  troubleRefused: string;
  /** In so many seconds it is tried again. */
  patience(seconds: number): string;
  back: string;

  keyMap: readonly (readonly [
    title: string,
    keys: readonly (readonly [keys: readonly string[], means: string])[],
  ])[];

  review: string;
  reviewItems(count: number): string;
  reviewEmpty: string;
  reviewEmptyText: string;
  /** All that is left was answered by whoever reviews. */
  reviewOwnText(count: number): string;
  /** All that is left was decided by whoever reviews, and waits for another. */
  reviewSecondText(count: number): string;
  secondReview: string;
  reviewersDiffer: string;
  /** After a decision of two: what the other said, and whether that settles it. */
  lookedBefore(by: string, alike: number, items: number): string;
  waitsForSecond: string;
  waitsForThird: string;
  remaining(count: number): string;
  /** Before the sentence why nobody else was asked. */
  enough: string;
  /** Before the sentence why this one comes now. */
  whyNow: string;
  agreed(support: number, seen: number): string;
  readonly picture: string;
  readonly pictures: string;
  votes: string;
  voted(label: string, count: number): string;
  probable(share: number): string;
  /** What different labels have above them all. */
  kin(label: string): string;
  /** Beside a vote for a concept above another vote's. */
  broader: string;
  broaderHint: string;
  /** The merged label is one that nobody gave: what stands above those that were. */
  together(label: string): string;
  people: string;
  personNamed(index: number): string;
  consensus: string;
  undecided(count: number): string;
  allDecided: string;
  acceptRest(count: number): string;
  saveDecisions: string;
  later: string;
  allSaidNothing: string;
  verdicts: Record<"accepted" | "corrected" | "rejected" | "added" | "merged" | "split" | "none", string>;
  mergeBox: string;
  /** While the other box is looked for. */
  mergeHint: string;
  mergeWith(name: string): string;
  mergedInto(name: string): string;
  splitBox: string;
  splitHint: string;
  partNamed(index: number, label: string): string;
  newPart: string;
  relabel: string;
  takeBack: string;
  tookBack: string;
  reason: string;
  addBox: string;
  reviewKeys: readonly (readonly [keys: readonly string[], means: string])[];

  judging: {
    shown: string;
    right: string;
    correct: string;
    wrong: string;
    correctHint: string;
    otherLabel: string;
    asShown: string;
    done: string;
    /** What has been said of it. */
    said: Record<"open" | "accepted" | "edited" | "rejected", string>;
    keys: Texts["keyMap"][number];
  };

  grid: {
    hint: string;
    pictures(count: number): string;
    /** Which of how many. */
    crop(index: number, count: number): string;
    said: Record<"open" | "accepted" | "edited" | "rejected" | "passed", string>;
    /** After something was said of so many. */
    now(count: number, said: "open" | "accepted" | "edited" | "rejected" | "passed"): string;
    picked: string;
    several: string;
    chosen(count: number): string;
    right: string;
    wrong: string;
    pass: string;
    none: string;
    bare(count: number): string;
    othersRight(open: number, count: number): string;
    handIn(count: number): string;
    closer: string;
    correctHint: string;
    done: string;
    keys: Texts["keyMap"][number];
  };

  layers: string;

  /** Layers: what is shown, and in which colour. */
  layering: LayeringTexts;

  /** On pages of other sites. */
  reading: ReadingTexts;

  /** Outlines and points. */
  drawing: DrawingTexts;
  /** How the image is shown. */
  imaging: ImagingTexts;
  /** Several shapes at once. */
  several: SeveralTexts;
  sorting: SortingTexts;
  /** Where the draft stands. */
  draft: DraftTexts;
  reviewing: ReviewingTexts;
  scriptorium: ScriptoriumTexts;

  /** What helps the hand. */
  assist: AssistTexts;
  helping: HelpingTexts;
  sheaf: SheafTexts;
  comparing: ComparingTexts;
  writing: WritingTexts;
  sequence: SequenceTexts;

  protectedImage: string;
  protectedBy(host: string): string;
  signInAt(host: string): string;
  opensWindow(host: string): string;
  windowOpen(host: string): string;
  windowBlocked: string;
}
