/** The browser's part of a IIIF login: asks the probe, opens the window, listens to the hidden frame. */

import { type Browser, NoToken, type Probed, type Token } from "../core/access.ts";
import type { Canvas, LanguageMap } from "../core/contract.ts";

const TOKEN_TIMEOUT_MS = 15_000;
const LOOK_EVERY_MS = 300;
/** For tokens that do not say how long they last. */
const AN_HOUR_S = 3600;

interface Message {
  readonly messageId?: string;
  readonly accessToken?: string;
  readonly expiresIn?: number;
  readonly heading?: LanguageMap;
  readonly note?: LanguageMap;
  /** Authentication 1.0 says why in one plain text. */
  readonly description?: string;
}

export const browser: Browser = {
  probe: (canvas, token) =>
    canvas.image.auth?.probe ? probe(canvas.image.auth.probe, token) : info(canvas, token),
  token: tokenFrom,
  visit,
  now: () => Date.now(),
};

const bearer = (token: string | null) => (token ? { Authorization: `Bearer ${token}` } : undefined);

async function probe(url: string, token: string | null): Promise<Probed> {
  const response = await fetch(url, { headers: bearer(token) ?? {}, credentials: "omit" });
  // §5.2: an answer that is no probe result tells nothing; then the image may as well be tried.
  if (!response.ok) return { status: response.status };
  return (await response.json()) as Probed;
}

/** Authentication 1.0 §4: the info.json is its own probe. */
async function info({ image }: Canvas, token: string | null): Promise<Probed> {
  const response = await fetch(`${image.service}/info.json`, {
    headers: { Accept: "application/ld+json, application/json;q=0.9", ...bearer(token) },
    credentials: "omit",
  });
  const body: unknown = await response.json().catch(() => undefined);
  // A redirect led to the image for those who are not signed in.
  if (response.redirected && !token && body) return { status: 401, substitute: [degraded(response.url)] };
  return { status: response.status, ...(response.ok ? { info: body } : {}) };
}

const degraded = (url: string) => ({ id: url.replace(/\/info\.json$/, ""), type: "ImageService" });

function withParameters(url: string, parameters: Record<string, string>): string {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(parameters)) whole.searchParams.set(name, value);
  return whole.href;
}

/** §4.2: the token service answers by a message from a frame, which nobody sees. */
function tokenFrom(service: string): Promise<Token> {
  const messageId = crypto.randomUUID();
  const frame = document.createElement("iframe");
  const expected = new URL(service).origin;
  return new Promise<Token>((resolve, reject) => {
    const listening = new AbortController();
    const over = () => {
      clearTimeout(timer);
      listening.abort();
      frame.remove();
    };
    const timer = setTimeout(() => {
      over();
      reject(new NoToken());
    }, TOKEN_TIMEOUT_MS);
    const hear = (event: MessageEvent) => {
      const data = event.data as Message | null;
      if (event.origin !== expected || data?.messageId !== messageId) return;
      over();
      if (data.accessToken) resolve(tokenOf(data));
      else reject(new NoToken(data.heading, data.note ?? plain(data.description)));
    };
    addEventListener("message", hear, { signal: listening.signal });
    frame.hidden = true;
    frame.title = "";
    frame.src = withParameters(service, { messageId, origin: location.origin });
    document.body.append(frame);
  });
}

const tokenOf = ({ accessToken = "", expiresIn = AN_HOUR_S }: Message): Token => ({
  accessToken,
  until: Date.now() + expiresIn * 1000,
});

const plain = (text: string | undefined): LanguageMap | undefined => (text ? { none: [text] } : undefined);

/** §3.2: a window of its own, told where we are; that it is closed is all that we can know of it. */
function visit(service: string): Promise<void> {
  const window = open(withParameters(service, { origin: location.origin }));
  if (!window) return Promise.reject(new Error("The browser did not open the window."));
  return new Promise((resolve) => {
    const looking = setInterval(() => {
      if (!window.closed) return;
      clearInterval(looking);
      resolve();
    }, LOOK_EVERY_MS);
  });
}
