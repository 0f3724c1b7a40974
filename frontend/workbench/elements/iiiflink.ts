/** Reads the links that IIIF viewers give away when one drags their icon or pastes a link. */

/** Content-state-encoding (IIIF Content State 1.0 §6.1). */
export const encodeState = (text: string): string =>
  btoa(encodeURIComponent(text)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** What a content state says: JSON as it stands or encoded, or an address; null for what is none of these. */
export function decodeState(state: string): unknown {
  const said = state.trim();
  if (/^[[{]/.test(said)) return parsed(said);
  if (addressIn(said)) return said;
  try {
    const standard = said.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
    const decoded = decodeURIComponent(atob(standard));
    return /^[[{]/.test(decoded.trim()) ? parsed(decoded) : (addressIn(decoded)?.href ?? null);
  } catch {
    return null;
  }
}

/** What to put behind `?iiif-content=` for something that was dropped or pasted; null when it is no IIIF link. */
export function contentStateIn(dropped: string): string | null {
  const text = dropped
    .split(/\r?\n/)
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .trim();
  if (/^[[{]/.test(text)) return isJson(text) ? encodeState(text) : null;
  const address = addressIn(text.split("\n")[0] ?? "");
  if (!address) return null;
  const state = address.searchParams.get("iiif-content");
  if (state) return /^[[{]/.test(state) ? encodeState(state) : state;
  return named(address) ?? address.href;
}

/** The convention of drag and drop: `…?manifest=…&canvas=…`, the address of a viewer around it. */
function named({ searchParams }: URL): string | null {
  const manifest = addressIn(searchParams.get("manifest") ?? "");
  const canvas = addressIn(searchParams.get("canvas") ?? "");
  if (!manifest) return null;
  if (!canvas) return manifest.href;
  const whole = { id: searchParams.get("manifest"), type: "Manifest" };
  return encodeState(JSON.stringify({ id: searchParams.get("canvas"), type: "Canvas", partOf: [whole] }));
}

function addressIn(text: string): URL | null {
  const address = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  return address && /^https?:$/.test(address.protocol) ? address : null;
}

const isJson = (text: string): boolean => parsed(text) !== null;

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
