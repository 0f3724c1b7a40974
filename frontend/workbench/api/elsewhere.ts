/** Reads JSON of other sites for a page that is not ours either: without cookies, and with a reason when it fails. */

const TIMEOUT_MS = 30_000;

export type Failure =
  | { readonly kind: "blocked" | "mixed" | "noJson"; readonly host: string }
  | { readonly kind: "status"; readonly host: string; readonly status: number };

export class Unreadable extends Error {
  constructor(readonly failure: Failure) {
    super(`${failure.host} could not be read (${failure.kind}).`);
  }
}

/** The JSON at an address; throws `Unreadable`, or what the signal gives as its reason. */
export async function readJson(address: string, signal: AbortSignal): Promise<unknown> {
  const host = hostOf(address);
  const response = await asked(address, host, signal);
  if (!response.ok) throw new Unreadable({ kind: "status", host, status: response.status });
  try {
    return await response.json();
  } catch {
    signal.throwIfAborted();
    throw new Unreadable({ kind: "noJson", host });
  }
}

async function asked(address: string, host: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, {
      credentials: "omit",
      // No header that is not simple: many hosts allow reading, but do not answer a question before it.
      headers: { Accept: "application/json, application/ld+json;q=0.9" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch {
    signal.throwIfAborted();
    const isMixed = location.protocol === "https:" && address.startsWith("http:");
    throw new Unreadable({ kind: isMixed ? "mixed" : "blocked", host });
  }
}

const hostOf = (address: string): string =>
  URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).host : address;
