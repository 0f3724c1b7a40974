/** The small script of every page: styles, htmx, and the theme. */

import "../styles/fonts.css";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/components.css";
import htmx from "htmx.org";
import { takeAnswerKeys } from "../elements/answerkeys.ts";
import { keepContact } from "../elements/contact.ts";
import { takeLinks } from "../elements/dropping.ts";
import "../elements/keyslikely.ts";
import { markMissing } from "../elements/missing.ts";
import { takePicking } from "../elements/picking.ts";
import { keepPulse } from "../elements/pulse.ts";
import { offerRows } from "../elements/rows.ts";
import { markSections } from "../elements/sections.ts";
import { growTrees } from "../elements/tree.ts";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

markMissing(document);
window.htmx = htmx;
// Our CSP allows neither eval nor style elements.
Object.assign(htmx.config, { allowEval: false, includeIndicatorStyles: false, selfRequestsOnly: true });

const THEMES = ["light", "auto", "dark"] as const;
type Theme = (typeof THEMES)[number];
const A_YEAR_S = 31_536_000;

function currentTheme(): Theme {
  return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? "auto";
}

/** Sets `data-theme` on the root; `auto` leaves the choice to the system. */
function showTheme(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const group of document.querySelectorAll<HTMLElement>("[data-theme-switch]")) {
    group.hidden = false;
    for (const button of group.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  }
}

/** The choice is a cookie, so that the server sends the next page in the right colours. */
function keepTheme(theme: Theme): void {
  const age = theme === "auto" ? 0 : A_YEAR_S;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in browsers we serve
  document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-theme-switch] button") : null;
  const theme = THEMES.find((known) => known === (button as HTMLButtonElement | null)?.value);
  if (!theme) return;
  keepTheme(theme);
  showTheme(theme);
});

// A module runs when the page has been read: the switch is there.
showTheme(currentTheme());

// Django refuses unsafe htmx requests without its token.
document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = event as CustomEvent<{ headers: Record<string, string>; verb: string }>;
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  const token =
    cookie?.slice("csrftoken=".length) ??
    document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (token && detail.verb !== "get") detail.headers["X-CSRFToken"] = decodeURIComponent(token);
});

// Copy buttons stay hidden where nothing can be copied: without script, or on an address that is not secure.
function offerCopies(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
    button.hidden = !navigator.clipboard;
  }
}

offerCopies(document);
offerRows(document);
growTrees(document);
document.addEventListener("htmx:load", (event) => {
  const { elt } = (event as CustomEvent<{ elt: HTMLElement }>).detail;
  offerCopies(elt);
  // What htmx puts in is told about element by element; the tree may be one of them, or stand in one.
  growTrees(elt.parentElement ?? elt);
});
takeAnswerKeys(document);
keepContact(document);
keepPulse(document);
takePicking(document);
markSections(document);
takeLinks(document, (address) => location.assign(address));

// Where the tabs do not fit, the one that is open is in sight.
for (const tabs of document.querySelectorAll<HTMLElement>(".tabs")) {
  if (tabs.scrollWidth <= tabs.clientWidth) continue;
  tabs.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

async function copyFrom(button: HTMLButtonElement): Promise<void> {
  const text = document.getElementById(button.dataset.copy ?? "")?.textContent?.trim();
  if (!text) return;
  await navigator.clipboard.writeText(text);
  const words = button.querySelector("span");
  if (words && button.dataset.copied) words.textContent = button.dataset.copied;
  button.setAttribute("aria-live", "polite");
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
  if (button instanceof HTMLButtonElement) void copyFrom(button);
});

// A page that is meant for paper offers to print itself; without script the browser's own menu does.
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
