/** What people who annotate one canvas together send and hear; the server's side is `…/changes/` and W3C's protocol. */

import type { ConceptRef } from "./contract.ts";
import type { Box, Point } from "./geometry.ts";
import type { Place } from "./outline.ts";

/** A W3C annotation as JSON. */
export type Document = Readonly<Record<string, unknown>>;

export interface Term extends ConceptRef {
  readonly uri: string;
}

/** What an annotation says: where, and with which labels or words. */
export interface Said extends Place {
  readonly concepts: readonly Term[];
  readonly text: string;
}

/** The state of an annotation on the server. */
export interface Standing {
  readonly id: string;
  readonly revision: number;
  /** False: deleted, or on another canvas now. */
  readonly stands: boolean;
  readonly document: Document;
  readonly box: Box | null;
  readonly points: readonly Point[];
  readonly concepts: readonly Term[];
  readonly mine: boolean;
  readonly by: string | null;
}

/** An open window of somebody else, or another one of one's own. */
export interface Presence {
  readonly seat: number;
  readonly client: string;
  readonly name: string;
  readonly me: boolean;
  readonly holds: string | null;
}

export interface News {
  readonly cursor: string;
  /** All that stands, and not only what has changed. */
  readonly whole: boolean;
  readonly changes: readonly Standing[];
  readonly present: readonly Presence[];
  readonly may_write: boolean;
  readonly may_manage: boolean;
}

export interface SharedServer {
  news(since: string | null, holds: string | null): Promise<News>;
  /** Says good-bye; nobody waits for the answer. */
  leave(): void;
  /** Each answers the new revision. They throw `Trouble` with the codes of the protocol: `stale`, `gone`, `id-taken`. */
  create(document: Document): Promise<number>;
  change(id: string, document: Document, revision: number): Promise<number>;
  remove(id: string, revision: number): Promise<void>;
  /** The revision that stands now. */
  revision(id: string): Promise<number>;
}
