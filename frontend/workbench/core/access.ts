/** How somebody gets to see an image that its institution protects: the client's side of IIIF Authorization Flow 2.0 (section 7.1), and of Authentication 1.0. */

import type { AccessService, Canvas, LanguageMap } from "./contract.ts";

export interface Located {
  readonly id: string;
  readonly type: string;
}

/** What a probe says (2.0 §5.2), or what asking for the info.json comes to (1.0). */
export interface Probed {
  readonly status: number;
  readonly location?: Located;
  readonly substitute?: readonly Located[];
  readonly heading?: LanguageMap;
  readonly note?: LanguageMap;
  /** The info.json itself: with version 1 it may not be had again without the token. */
  readonly info?: unknown;
}

export interface Token {
  readonly accessToken: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Why there is no token, in the institution's words if it gave any. */
export class NoToken extends Error {
  constructor(
    readonly heading?: LanguageMap,
    readonly note?: LanguageMap,
  ) {
    super("The institution gave no token.");
  }
}

/** What the browser does for us. */
export interface Browser {
  probe(canvas: Canvas, token: string | null): Promise<Probed>;
  /** Loads the token service in a hidden frame and waits for its message; throws `NoToken`. */
  token(service: string): Promise<Token>;
  /** Opens a window, at once, and waits until it is closed; throws when the browser does not let it. */
  visit(service: string): Promise<void>;
  now(): number;
}

export interface Outcome {
  /** The canvas with the image that may be shown, if only a lesser one; null while there is none. */
  readonly canvas: Canvas | null;
  /** What the person can still do to see it all. */
  readonly ask: AccessService | null;
  readonly heading?: LanguageMap | undefined;
  readonly note?: LanguageMap | undefined;
}

export class Doorkeeper {
  /** By token service: one sign-in opens all images of an institution. */
  readonly #tokens = new Map<string, Token>();

  constructor(private readonly browser: Browser) {}

  /** Does all that needs no click: with what is at hand, then by `external` services. */
  async admit(canvas: Canvas): Promise<Outcome> {
    const { auth } = canvas.image;
    if (!auth) return { canvas, ask: null };
    let last = await this.#probed(canvas, null);
    for (const service of auth.access) {
      if (last.canvas && !last.ask) return last;
      const token =
        this.#known(service) ?? (service.profile === "external" ? await this.#fresh(service) : null);
      if (token) last = await this.#probed(canvas, token);
    }
    return last;
  }

  /** Opens the access service; call it straight from a click, or the browser refuses the window. */
  async enter(canvas: Canvas, service: AccessService): Promise<Outcome> {
    // §3.3.3: an external service has no page, and any address it gives is ignored.
    const visited = service.url && service.profile !== "external" ? this.browser.visit(service.url) : null;
    await visited;
    try {
      const token = await this.browser.token(service.token);
      this.#tokens.set(service.token, token);
      return await this.#probed(canvas, token);
    } catch (error) {
      if (!(error instanceof NoToken)) throw error;
      return { canvas: null, ask: service, heading: error.heading, note: error.note };
    }
  }

  #known({ token }: AccessService): Token | null {
    const known = this.#tokens.get(token);
    return known && known.until > this.browser.now() ? known : null;
  }

  async #fresh({ token }: AccessService): Promise<Token | null> {
    try {
      const fresh = await this.browser.token(token);
      this.#tokens.set(token, fresh);
      return fresh;
    } catch {
      return null;
    }
  }

  async #probed(canvas: Canvas, token: Token | null): Promise<Outcome> {
    const { access = [], heading, note } = canvas.image.auth ?? {};
    const said = await this.browser.probe(canvas, token?.accessToken ?? null);
    const full = said.status < 300 ? withInfo(canvas, said.info) : null;
    const moved = said.status >= 300 && said.status < 400 ? located(canvas, said.location) : null;
    if (full ?? moved) return { canvas: full ?? moved, ask: null };
    return {
      canvas: located(canvas, said.substitute?.[0]),
      ask: access.find(({ profile }) => profile !== "external") ?? access[0] ?? null,
      // Before anybody has signed in there is no news in being refused.
      ...(token ? { heading: said.heading ?? heading, note: said.note ?? note } : {}),
    };
  }
}

const withInfo = (canvas: Canvas, info: unknown): Canvas =>
  info === undefined ? canvas : { ...canvas, image: { ...canvas.image, info } };

/** The canvas with the image that a probe points to: an image service, or a plain image. */
function located(canvas: Canvas, place: Located | undefined): Canvas | null {
  if (!place?.id) return null;
  const isService = place.type.startsWith("ImageService");
  const image = isService ? { service: place.id, url: null } : { service: null, url: place.id };
  return { ...canvas, image: { ...canvas.image, ...image } };
}
