"""Our layers in somebody else's viewer: Mirador 4, served from another origin, shows the decided boxes."""

import json
import shutil
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, expect

from scripts.test_tools import TOOLS
from tests.journeys.conftest import DESKTOP, Site

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mirador</title></head>
<body><div id="viewer" style="position: absolute; inset: 0"></div><script src="mirador.min.js"></script>
<script>
window.viewer = Mirador.viewer({
  id: "viewer",
  windows: [{ manifestId: MANIFEST, canvasId: CANVAS }],
  window: { sideBarOpen: true, defaultSideBarPanel: "annotations", highlightAllAnnotations: true, panels: { search: true } },
});
</script></body></html>"""


def read(url: str) -> dict:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def test_mirador_draws_the_ground_truth(site: Site, browser: Browser, elsewhere: tuple[Path, str]) -> None:
    site.manage("demo", "--pages", "4", "--no-samples")
    found = read(f"{site.url}/api/v1/manifests/")["results"]
    manifest = read(next(row["published_as"] for row in found if "Book of scores" in str(row["label"])))
    canvas = next(one for one in manifest["items"] if one.get("annotations"))
    page = read(canvas["annotations"][0]["id"])
    assert page["items"], "the first linked page holds the decided boxes"
    label = next(body["value"] for body in page["items"][0]["body"] if body["type"] == "TextualBody")

    folder, address = elsewhere
    shutil.copy(TOOLS / "mirador.min.js", folder)
    html = PAGE.replace("MANIFEST", json.dumps(manifest["id"])).replace("CANVAS", json.dumps(canvas["id"]))
    (folder / "index.html").write_text(html)
    view = browser.new_context(**DESKTOP).new_page()
    refused: list[str] = []
    view.on("console", lambda line: refused.append(line.text) if "CORS" in line.text else None)
    view.goto(f"{address}/index.html")
    # The list beside the image names every box by its label …
    expect(view.get_by_text(label, exact=False).first).to_be_visible(timeout=60_000)
    # … and the overlay on the image is drawn: its canvas holds pixels that are not transparent.
    view.wait_for_function(
        """() => [...document.querySelectorAll('.mirador-osd-container canvas, .openseadragon-canvas canvas')]
          .some((one) => { const all = one.getContext('2d', { willReadFrequently: true });
            if (!all || !one.width) return false;
            try { const data = all.getImageData(0, 0, one.width, one.height).data;
              let drawn = 0; for (let i = 3; i < data.length; i += 4) if (data[i] > 0) drawn++;
              return drawn > 20 && drawn < data.length / 8; } catch { return false; } })""",
        timeout=60_000,
    )
    # Its search panel completes what is typed, finds the boxes and quotes where the word is.
    view.get_by_role("tab", name="Search").click()
    words = view.get_by_role("combobox", name="search terms")
    word = label.split()[-1]
    words.press_sequentially(word[:3])
    expect(view.get_by_role("option").first).to_be_visible(timeout=30_000)
    words.fill(word)
    words.press("Enter")
    expect(view.locator("strong", has_text=word).first).to_be_visible(timeout=30_000)
    assert refused == []
    view.context.close()
