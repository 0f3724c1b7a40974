/**
 * Says when what keeps itself up to date cannot: each `[data-stays]` asks the server by itself (htmx), and holds a
 * `[data-silent="lost"]` and a `[data-silent="refused"]`. The first is shown while no answer comes, the second when the
 * answer is that one may not see it (any more), or the page to sign in.
 */

type Silence = "lost" | "refused";

interface Asked {
  readonly elt: Element;
  readonly xhr: XMLHttpRequest;
  readonly successful?: boolean;
  readonly pathInfo?: { readonly requestPath: string };
}

const REFUSALS = [401, 403, 404];

export function keepContact(root: Document): void {
  const on = (name: string, act: (place: Element, asked: Asked, event: Event) => void) =>
    root.addEventListener(name, (event) => {
      const { detail } = event as CustomEvent<Asked>;
      const place = detail.elt.closest("[data-stays]");
      if (place) act(place, detail, event);
    });
  for (const name of ["htmx:sendError", "htmx:timeout"]) on(name, (place) => say(place, "lost"));
  on("htmx:responseError", (place, { xhr }) =>
    say(place, REFUSALS.includes(xhr.status) ? "refused" : "lost"),
  );
  // A page to sign in is no answer to put in the place of figures.
  on("htmx:beforeOnLoad", (place, { xhr, pathInfo }, event) => {
    if (isElsewhere(xhr.responseURL, pathInfo?.requestPath)) {
      event.preventDefault();
      say(place, "refused");
    } else if (xhr.status < 400) say(place, null);
  });
}

/** Whether the answer comes from another place than was asked; the request itself is told apart from its search. */
function isElsewhere(answered: string, asked: string | undefined): boolean {
  return (
    Boolean(answered && asked) && new URL(answered).pathname !== new URL(asked ?? "", location.href).pathname
  );
}

function say(place: Element, silence: Silence | null): void {
  for (const words of place.querySelectorAll<HTMLElement>("[data-silent]")) {
    words.hidden = words.dataset.silent !== silence;
  }
}
