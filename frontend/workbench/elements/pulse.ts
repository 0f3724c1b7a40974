/**
 * Keeps a page up to date while somebody looks at it: `[data-pulse="10"]` gets a `pulse` event every ten seconds, for
 * htmx to act on; none while the tab is hidden or the switch is off, and one as soon as it is seen again.
 */

export function keepPulse(root: Document): void {
  const seconds = Number(root.querySelector<HTMLElement>("[data-pulse]")?.dataset.pulse);
  if (!seconds) return;
  const button = root.querySelector<HTMLElement>("[data-pulse-switch]");
  const isOn = () => button?.getAttribute("aria-pressed") !== "false";
  // The element itself is replaced by every answer, so it is looked for each time.
  const beat = () => {
    if (isOn() && root.visibilityState === "visible") {
      root.querySelector("[data-pulse]")?.dispatchEvent(new CustomEvent("pulse"));
    }
  };
  setInterval(beat, seconds * 1000);
  root.addEventListener("visibilitychange", beat);
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!isOn()));
      beat();
    });
  }
  // A table that was unfolded stays so when its block comes anew.
  root.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = (event as CustomEvent<{ target: Element; fragment: ParentNode }>).detail;
    for (const open of target.querySelectorAll("details[open][id]")) {
      fragment.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
    }
  });
}
