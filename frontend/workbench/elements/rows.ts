/** Adds an empty row to a form of several rows (Django's formset): the button names the rows, a template holds one. */

export function addRow(button: HTMLElement): void {
  const name = button.dataset.addRow ?? "";
  const rows = document.getElementById(`${name}-rows`);
  const template = document.getElementById(`${name}-row`);
  const total = document.querySelector<HTMLInputElement>(`input[name="${name}-TOTAL_FORMS"]`);
  if (!rows || !(template instanceof HTMLTemplateElement) || !total) return;
  const row = template.innerHTML.replaceAll("__prefix__", total.value);
  total.value = String(Number(total.value) + 1);
  // A table's row cannot be parsed outside of one: the place it goes to knows.
  rows.insertAdjacentHTML("beforeend", row);
  rows.lastElementChild?.querySelector<HTMLElement>("input, select, textarea")?.focus();
}

export function offerRows(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLElement>("[data-add-row]")) {
    button.hidden = false;
    button.addEventListener("click", () => addRow(button));
  }
}
