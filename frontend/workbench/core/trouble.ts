/** What can go wrong between here and the server, sorted by what the person can do about it. */

export type TroubleKind =
  /** No connection: try again when it is back. */
  | "offline"
  /** Signed out: sign in again. */
  | "signin"
  /** The server is ill or busy: try again later. */
  | "server"
  /** The server understood and says no: trying again will not help. */
  | "refused";

export class Trouble extends Error {
  override readonly name = "Trouble";

  constructor(
    readonly kind: TroubleKind,
    /** The server's own sentence, or empty. */
    readonly detail = "",
    readonly code = "",
    readonly retryAfterS: number | null = null,
    /** What stands on the server instead of what was sent, where it tells. */
    readonly present: unknown = null,
  ) {
    super(detail || kind);
  }
}

export const asTrouble = (error: unknown): Trouble =>
  error instanceof Trouble ? error : new Trouble("server", error instanceof Error ? error.message : "");
