"""Where the samples are present: real manuscript pages with zones to draw, and the Iconclass animals."""

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from annotation.models import Canvas, Manifest
from campaigns.demo import simulate
from campaigns.demo.engrave import Symbol
from campaigns.demo.seed import CC_BY, Demonstration, concepts, shapes
from campaigns.models import Campaign, Task
from taxonomy.models import Vocabulary

DATA = Path(__file__).parent / "data"
DECIDED = 12
CONTRIBUTIONS = 60


def sample_folder() -> Path | None:
    """The folder of the manuscript pages, None where the samples are not present."""
    folder = Path(settings.SAMPLES) / "images-htromance-latin" / "small"
    return folder if folder.is_dir() else None


def is_complete() -> bool:
    """Whether the last step was done: then every step before it was."""
    return Task.objects.filter(campaign__slug="zones", state=Task.State.DECIDED).count() >= DECIDED


def bring_in_early(demo: Demonstration) -> None:
    """Import the pages while other things are made; in a thread, so with a database connection of its own."""
    folder = sample_folder()
    try:
        if folder is not None and not is_complete():
            bring_in(demo, folder, read_coco(folder))
    finally:
        connection.close()


def seed_samples(demo: Demonstration) -> None:
    """Whatever is missing of the manuscripts, their campaign and the vocabularies."""
    folder = sample_folder()
    if folder is None:
        demo.say("No samples here, so no campaign on real manuscript pages.")
        return
    if is_complete():
        demo.say("The manuscript pages are already here.")
        return
    demo.say("Real manuscript pages (BnF, by HTRomance) and the Iconclass animals …")
    iconclass = next((Path(settings.SAMPLES) / "skos-iconclass").glob("*.ttl"), None)
    if iconclass:
        title = {"en": "Iconclass: animals", "fr": "Iconclass : animaux"}
        demo.vocabulary("iconclass-animals", iconclass.read_bytes(), title, suffix="ttl")
    demo.vocabulary(
        "segmonto", (DATA / "segmonto.csv").read_bytes(), {"en": "SegmOnto zones", "fr": "Zones SegmOnto"}
    )
    coco = read_coco(folder)
    manifest = bring_in(demo, folder, coco)
    campaign = _campaign(demo, manifest, _zones_of(coco, manifest))
    demo.decide(campaign, count=DECIDED)


def read_coco(folder: Path) -> dict[str, Any]:
    """The names of the pages, and the zones on them, as COCO."""
    coco: dict[str, Any] = json.loads((folder / "coco.json").read_text())
    return coco


def bring_in(demo: Demonstration, folder: Path, coco: Mapping[str, Any]) -> Manifest:
    """The pages as one manifest."""
    names = [row["file_name"] for row in coco["images"]]
    files = [(name, (folder / "images" / name).read_bytes()) for name in names]
    return demo.source("Latin manuscripts of the BnF", CC_BY, files)


def _campaign(demo: Demonstration, manifest: Manifest, truth: Mapping[UUID, list[Symbol]]) -> Campaign:
    zones = Vocabulary.objects.get(slug="segmonto")
    ids = concepts(zones)
    campaign = demo.campaign(
        "zones",
        [manifest],
        title={"en": "The zones of a manuscript page", "fr": "Les zones d’une page de manuscrit"},
        summary={
            "en": "Forty pages of medieval Latin manuscripts: mark text, margins, numbers, large initials.",
            "fr": "Quarante pages de manuscrits latins : marquez texte, marges, numéros et grandes initiales.",
        },
        question_kind="locate",
        question={
            "prompt": {
                "en": "Draw a box around every zone.",
                "fr": "Dessinez un cadre autour de chaque zone.",
            }
        },
        instructions={"en": ZONE_HELP_EN, "fr": ZONE_HELP_FR},
        vocabulary=zones,
        overlap=3,
        rights=CC_BY,
        is_simulated=True,
    )

    def answer(canvas: Canvas, skill: float, rng: Random) -> dict[str, Any]:
        page = (int(canvas.width), int(canvas.height))
        symbols = truth[canvas.pk]
        kinds = sorted({symbol.kind for symbol in symbols})
        drawn = simulate.answers(symbols, skill=skill, rng=rng, kinds=kinds, page=page)
        return shapes([(one.box, ids[one.label]) for one in drawn])

    demo.work(campaign, answer, contributions=CONTRIBUTIONS)
    return campaign


def _zones_of(coco: Mapping[str, Any], manifest: Manifest) -> dict[UUID, list[Symbol]]:
    """The zones that HTRomance marked, by canvas; image names are the labels of the canvases."""
    names = {category["id"]: category["name"] for category in coco["categories"]}
    canvases = {canvas.label["none"][0]: canvas.pk for canvas in manifest.canvases.all()}
    by_image = {row["id"]: canvases[row["file_name"].rsplit(".", 1)[0]] for row in coco["images"]}
    found: dict[UUID, list[Symbol]] = {pk: [] for pk in by_image.values()}
    for row in coco["annotations"]:
        x, y, w, h = row["bbox"]
        found[by_image[row["image_id"]]].append(Symbol(names[row["category_id"]], (x, y, w, h)))
    return found


ZONE_HELP_EN = """\
Draw a box around each **zone**: the main text, text in the margin, numbering, running titles, large initials,
stamps. Boxes may overlap: a large initial lies within the main text.
"""
ZONE_HELP_FR = """\
Dessinez un cadre autour de chaque **zone** : texte principal, texte en marge, numérotation, titre courant,
grande initiale, cachet. Les cadres peuvent se recouvrir : une grande initiale est dans le texte principal.
"""
