/** The room in which people write at one canvas, as the page names it, and what is opened in it. */

import { request } from "../api/client.ts";
import { bestShelf } from "../api/indexeddb.ts";
import { sharedServer, vocabularyServer } from "../api/shared.ts";
import { alone, browserClock, newId } from "../api/world.ts";
import { saidIn } from "../core/annotating.ts";
import type { Canvas, Titles } from "../core/contract.ts";
import type { Size } from "../core/geometry.ts";
import { Lexicon } from "../core/lexicon.ts";
import { Scriptorium, type ScriptoriumState } from "../core/scriptorium.ts";
import type { News, Said } from "../core/shared.ts";

export interface Room {
  readonly canvas: Canvas;
  /** The URI of the manifest that the canvas is of. */
  readonly manifest: string;
  readonly changes: string;
  readonly container: string;
  readonly vocabulary: string | null;
  /** Where more like a box is looked for. */
  readonly similar: string;
  /** The tree of labels with examples. */
  readonly tree: string | null;
  readonly before: PageBefore | null;
  /** The layer in which one writes. */
  readonly layer: { readonly id: string; readonly title: Titles };
}

/** The page before this one: where to hear what the layer says on it, and how large it is. */
export interface PageBefore {
  readonly changes: string;
  readonly size: Size;
}

export interface Visitor {
  readonly lang: string;
  /** Whose unsent changes to keep, on a browser that several people use. */
  readonly person: string;
}

export const sizeOf = (room: Room | null): Size => {
  const { width = 1, height = 1 } = room?.canvas ?? {};
  return [width, height];
};

export async function sitAt(
  room: Room,
  { lang, person }: Visitor,
  changed: (now: ScriptoriumState) => void,
): Promise<Scriptorium> {
  const { canvas, manifest, changes, container } = room;
  const world = { shelf: await bestShelf(), clock: browserClock, newId, alone };
  const where = { canvas: canvas.uri, manifest, size: sizeOf(room), lang };
  const prefix = `together/${encodeURIComponent(person)}/${container}${canvas.id}/`;
  return new Scriptorium(world, sharedServer(changes, container, newId(), lang), where, prefix, changed);
}

/** What the layer says on the page before, as far as it is drawn. */
export async function saidBefore({ changes, size }: PageBefore, lang: string): Promise<readonly Said[]> {
  const { changes: standing } = await request<News>(changes, { lang });
  return standing.flatMap((one) => (one.stands ? (saidIn(one, size) ?? []) : []));
}

/** The labels of the room; without them one can still draw, and the field says what failed when it is used. */
export async function labelsOf(room: Room, { lang, person }: Visitor): Promise<Lexicon | null> {
  const { vocabulary } = room;
  if (!vocabulary) return null;
  const labels = vocabularyServer(vocabulary, lang);
  const lexicon = new Lexicon(labels, await bestShelf(), `chosen/${person}/${vocabulary}/${lang}`);
  await lexicon.open().catch(() => undefined);
  return lexicon;
}
