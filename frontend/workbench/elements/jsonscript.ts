/** Reads what Django's `json_script` wrote into the page. */

/** The parsed content of `<script type="application/json" id="…">`; null when there is none or it is not JSON. */
export function jsonScript<T>(id: string): T | null {
  const text = id ? document.getElementById(id)?.textContent : null;
  if (!text) return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}
