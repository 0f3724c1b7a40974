"""A volunteer's sitting at the real workbench: from handing in to the next image, and how soon one can begin."""

from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.workbench.browser import DESKTOP, spread
from benchmarks.workbench.site import Site

TASKS = 30
COLD = 5
AT_EACH_MS = 1_200

WATCH = """
const told = { pressed: 0, rows: [], long: [], placed: 0, shown: 0 };
window.told = told;
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) told.long.push([startTime, duration]);
}).observe({ type: "longtask", buffered: true });
addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) told.row = { pressed: performance.now() };
}, true);
addEventListener("rubricator-task-shown", () => { if (told.row) told.row.task ??= performance.now(); });
addEventListener("rubricator-image-shown", () => {
  told.shown ||= performance.now();
  const { row } = told;
  if (!row) return;
  told.row = null;
  row.image = performance.now();
  // The frame after this one begins when this one is painted.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    row.painted = performance.now();
    told.rows.push(row);
  }));
});
const look = () => {
  if (document.querySelector("rubricator-stage")?.drawing?.placed) told.placed = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def measure(browser: Browser, site: Site) -> dict[str, Any]:
    """Milliseconds: a sitting of `TASKS` images, and `COLD` first visits by browsers that know nothing yet."""
    rows, long_tasks = _sit(browser, site)
    firsts = [_begin(browser, site) for _ in range(COLD)]
    steps = (("task_shown", "task"), ("image_shown", "image"), ("image_painted", "painted"))
    during = [length for length in long_tasks if length > 50]
    return {
        "tasks": len(rows),
        "seconds_at_each": AT_EACH_MS / 1000,
        "after_submit": {name: spread([row[key] - row["pressed"] for row in rows]) for name, key in steps},
        "long_tasks": {"count": len(during), "worst_ms": round(max(during, default=0))},
        "first_drawing_possible": spread([first["placed"] for first in firsts]),
        "first_image_whole": spread([first["shown"] for first in firsts]),
    }


def _page(browser: Browser, site: Site, name: str) -> Page:
    context = browser.new_context(viewport=DESKTOP, locale="en-GB")  # type: ignore[arg-type]
    context.add_cookies([site.cookie(name)])  # type: ignore[list-item]
    page = context.new_page()
    page.add_init_script(WATCH)
    return page


def _sit(browser: Browser, site: Site) -> tuple[list[dict[str, float]], list[float]]:
    page = _page(browser, site, "ada")
    page.goto(site.work)
    page.wait_for_function("() => told.shown")
    began = page.evaluate("performance.now()")
    stage = page.get_by_test_id("stage").bounding_box()
    assert stage is not None
    x, y = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    for number in range(1, TASKS + 1):
        page.mouse.move(x - 60, y - 60)
        page.mouse.down()
        page.mouse.move(x + 60, y + 60, steps=6)
        page.mouse.up()
        page.get_by_test_id("concept-field").first.fill("sign 1")
        page.get_by_test_id("concept-option").first.click()
        page.wait_for_timeout(AT_EACH_MS)
        page.keyboard.press("Control+Enter")
        page.wait_for_function("count => told.rows.length === count", arg=number, timeout=15_000)
    rows, long_tasks = page.evaluate("[told.rows, told.long]")
    page.context.close()
    return rows, [length for at, length in long_tasks if at >= began]


def _begin(browser: Browser, site: Site) -> dict[str, float]:
    """A new context has an empty cache, and no code compiled."""
    page = _page(browser, site, "berta")
    page.goto(site.work)
    page.wait_for_function("() => told.placed && told.shown")
    found: dict[str, float] = page.evaluate("({ placed: told.placed, shown: told.shown })")
    page.context.close()
    return found
