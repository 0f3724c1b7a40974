/** A field that finds concepts as one types: Enter does not send the form there, the arrow goes on to what is found. */

function boxes(field: Element): HTMLInputElement[] {
  return [...field.querySelectorAll<HTMLInputElement>('input[type="checkbox"], input[type="radio"]')];
}

/** The next box after what is picked: the first that is found, else the first there is. */
function firstFound(field: Element): HTMLInputElement | undefined {
  const all = boxes(field);
  return all.find((box) => !box.checked && box.value !== "") ?? all[0];
}

export function takePicking(root: Document | HTMLElement): void {
  root.addEventListener("keydown", (event) => {
    const { key, target } = event as KeyboardEvent;
    if (!(target instanceof HTMLInputElement) || target.type !== "search") return;
    const field = target.closest("[data-picking]");
    if (!field) return;
    if (key === "Enter") event.preventDefault();
    if (key !== "ArrowDown") return;
    event.preventDefault();
    firstFound(field)?.focus();
  });
}
