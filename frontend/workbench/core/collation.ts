/** What is shown of a canvas on which several people write: what stands, what is on its way, and where these differ. */

import { isRewritable, saidIn, saysTheSame } from "./annotating.ts";
import type { Parcel } from "./courier.ts";
import type { Size } from "./geometry.ts";
import type { News, Presence, Said, Standing } from "./shared.ts";

export type Standings = ReadonlyMap<string, Standing>;

/** Why something cannot be changed here. */
export type Lock = "reading" | "not-yours" | "other-form" | null;

export interface Shown extends Said {
  readonly id: string;
  readonly lock: Lock;
  /** Who wrote its present state; null while that is one's own change on its way. */
  readonly by: string | null;
  /** Who holds it just now. */
  readonly holder: Presence | null;
  /** On its way, or held up. */
  readonly waits: boolean;
}

/** What one wants and what somebody else has made of the same annotation meanwhile. */
export interface Clash {
  readonly id: string;
  /** Null: deleted. */
  readonly mine: Said | null;
  readonly theirs: Said | null;
  readonly by: string | null;
  /** One has only picked it, and not changed it. */
  readonly held: boolean;
}

/** An annotation that is picked, as it stood when it was picked or last settled. */
export interface Held {
  readonly id: string;
  readonly base: Standing | null;
}

/** What is known after some news; what is older than what is known changes nothing. */
export function after(known: Standings, { whole, changes }: Pick<News, "whole" | "changes">): Standings {
  const now = new Map(whole ? [] : known);
  for (const change of changes) {
    const before = known.get(change.id);
    if (before && before.revision > change.revision) now.set(change.id, before);
    // What is gone may be wanted back with all that stood in it.
    else now.set(change.id, change.stands || !before ? change : { ...before, ...goneAs(change) });
  }
  return now;
}

const goneAs = ({ revision, by }: Standing) => ({ revision, by, stands: false });

export interface Desk {
  readonly known: Standings;
  readonly parcels: readonly Parcel[];
  readonly held: readonly Held[];
  readonly present: readonly Presence[];
  readonly mayWrite: boolean;
  readonly mayManage: boolean;
}

/** Everything to draw, in the order of its making; one's own changes count before what stands. */
export function shown(desk: Desk, canvas: string, size: Size): Shown[] {
  const waiting = new Map(desk.parcels.map((parcel) => [parcel.id, parcel] as const));
  const holders = new Map(desk.present.flatMap((one) => (one.holds ? [[one.holds, one] as const] : [])));
  const bases = new Map(desk.held.map(({ id, base }) => [id, base] as const));
  const fresh = [...waiting.keys()].filter((id) => !desk.known.has(id));
  return [...desk.known.keys(), ...fresh].flatMap((id) => {
    const standing = bases.get(id) ?? desk.known.get(id) ?? null;
    return row(
      desk,
      { id, standing, parcel: waiting.get(id), holder: holders.get(id) ?? null },
      canvas,
      size,
    );
  });
}

/** One of them; null where it is not drawn. */
export function shownOne(desk: Desk, id: string, canvas: string, size: Size): Shown | null {
  const parcel = desk.parcels.findLast((one) => one.id === id);
  const holder = desk.present.find(({ holds }) => holds === id) ?? null;
  return row(desk, { id, standing: standingOf(desk, id), parcel, holder }, canvas, size)[0] ?? null;
}

interface Row extends Pick<Shown, "id" | "holder"> {
  readonly standing: Standing | null;
  readonly parcel: Parcel | undefined;
}

function row(desk: Desk, { id, standing, parcel, holder }: Row, canvas: string, size: Size): Shown[] {
  const said = parcel ? parcel.said : standing?.stands ? saidIn(standing, size) : null;
  if (!said) return [];
  const lock = lockOf(desk, standing, canvas);
  const by = parcel ? null : (standing?.by ?? null);
  return [{ ...said, id, lock, by, holder, waits: Boolean(parcel) }];
}

/** What one builds upon: as it stood when it was picked, else as it stands. */
export function standingOf({ known, held }: Pick<Desk, "known" | "held">, id: string): Standing | null {
  return held.find((one) => one.id === id)?.base ?? known.get(id) ?? null;
}

function lockOf({ mayWrite, mayManage }: Desk, standing: Standing | null, canvas: string): Lock {
  if (!mayWrite) return "reading";
  if (!standing) return null;
  if (!standing.mine && !mayManage) return "not-yours";
  return isRewritable(standing.document, canvas) ? null : "other-form";
}

/** Where the person has to choose: changes that the server held back, and what was changed under one's hand. */
export function clashes({ known, parcels, held }: Desk, size: Size): Clash[] {
  const found = new Map<string, Clash>();
  for (const { id, clash, said, base } of parcels) {
    const latest = known.get(id);
    // Until the news has come there is nothing to choose from.
    if (!clash || !latest || latest.revision <= (base ?? 0)) continue;
    found.set(id, { id, mine: said, ...theirsOf(latest, size), held: false });
  }
  for (const { id, base } of held) {
    const latest = known.get(id);
    if (!base || !latest || latest.revision <= base.revision || parcels.some((one) => one.id === id))
      continue;
    const mine = saidIn(base, size);
    const { theirs, by } = theirsOf(latest, size);
    if (!saysTheSame(mine, theirs)) found.set(id, { id, mine, theirs, by, held: true });
  }
  return [...found.values()];
}

const theirsOf = (latest: Standing, size: Size) => ({
  theirs: latest.stands ? saidIn(latest, size) : null,
  by: latest.by,
});
