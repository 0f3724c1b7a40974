/** The list of a long page's parts marks the one that is being read. */

/** Which part is being read: the last that begins above `line`; before the first one, the first. `tops` in order. */
export function partAt(tops: number[], line: number): number {
  return Math.max(0, tops.filter((top) => top <= line).length - 1);
}

function parts(list: Element): { link: HTMLAnchorElement; heading: HTMLElement }[] {
  return [...list.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')].flatMap((link) => {
    const heading = document.getElementById(link.hash.slice(1));
    return heading ? [{ link, heading }] : [];
  });
}

export function markSections(root: ParentNode): void {
  for (const list of root.querySelectorAll("[data-sections]")) {
    const all = parts(list);
    let waits = false;
    const mark = (): void => {
      waits = false;
      const tops = all.map((part) => part.heading.getBoundingClientRect().top);
      const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
      // A short last part never comes up to the line.
      const now = atEnd && window.scrollY > 0 ? all.length - 1 : partAt(tops, window.innerHeight / 4);
      all.forEach(({ link }, at) => {
        if (at === now) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    };
    const later = (): void => {
      if (!waits) requestAnimationFrame(mark);
      waits = true;
    };
    document.addEventListener("scroll", later, { passive: true });
    window.addEventListener("resize", later);
    mark();
  }
}
