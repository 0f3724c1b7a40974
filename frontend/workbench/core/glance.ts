/** What one sees of some annotations of a shared canvas, looked up once for all that is done to them together. */

import { saidIn, type Where, written } from "./annotating.ts";
import { type Desk, type Shown, shown, shownOne } from "./collation.ts";
import type { Change, Parcel } from "./courier.ts";
import type { Said, Standing } from "./shared.ts";

/** So many are looked up one by one; of more the whole canvas is gone through once. */
const FEW = 8;

export class Glance {
  readonly #rows: ReadonlyMap<string, Shown>;
  readonly #waiting: ReadonlyMap<string, Parcel>;
  readonly #bases: ReadonlyMap<string, Standing | null>;

  constructor(
    private readonly desk: Desk,
    private readonly where: Where,
    ids: readonly string[],
  ) {
    const { canvas, size } = where;
    const rows =
      ids.length > FEW ? shown(desk, canvas, size) : ids.map((id) => shownOne(desk, id, canvas, size));
    this.#rows = new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])));
    // The latest about each counts.
    this.#waiting = new Map(desk.parcels.map((parcel) => [parcel.id, parcel]));
    this.#bases = new Map(desk.held.map(({ id, base }) => [id, base]));
  }

  /** What it says now, as one sees it. */
  said(id: string): Said | null {
    const row = this.#rows.get(id);
    if (!row) return null;
    const { box, points, concepts, text } = row;
    return points?.length ? { box, points, concepts, text } : { box, concepts, text };
  }

  /** Whether it may be changed, or made. */
  allows(id: string): boolean {
    return this.desk.mayWrite && !this.#rows.get(id)?.lock;
  }

  /** What is to be sent so that it says this; what else stands in its document, or in that of its `like`, stays. */
  change(id: string, said: Said | null, like: Standing | null = null): Change {
    const waiting = this.#waiting.get(id);
    const base = this.#bases.get(id) ?? this.desk.known.get(id) ?? null;
    const document = waiting?.document ?? (base?.stands ? base.document : like?.document) ?? null;
    const before = this.said(id) ?? (like && saidIn(like, this.where.size));
    const fresh = !waiting && !base;
    return {
      id,
      act: said === null ? "delete" : fresh ? "create" : "change",
      said,
      document: said && { ...written(said, document, before, this.where), id: `urn:uuid:${id}` },
      base: base?.revision ?? null,
    };
  }
}
