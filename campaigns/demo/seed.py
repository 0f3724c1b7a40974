"""Fills an empty Rubricator with a living example, by the same actions that people use."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from annotation.actions.sources import import_images
from annotation.models import Canvas, Manifest
from campaigns.actions import (
    Submission,
    assign_role,
    choose_canvases,
    claim,
    configure_campaign,
    create_campaign,
    join_campaign,
    open_campaign,
    submit,
)
from campaigns.actions.consensus import request_consensus
from campaigns.actions.predictions import best_examples, create_predictor, start_run
from campaigns.actions.releases import start_release
from campaigns.actions.review import decide, review_queue
from campaigns.actions.rulings import Judgement
from campaigns.demo import simulate
from campaigns.demo.cast import assemble
from campaigns.demo.engrave import ScorePage, Symbol, pages
from campaigns.models import Campaign, ConsensusItem, Contribution, Release, Task
from taxonomy.actions import start_vocabulary_import
from taxonomy.models import Concept, Vocabulary
from work.actions import run_job
from work.models import Job

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
PAGES_A_VOLUME = 10
DATA = Path(__file__).parent / "data"
Say = Callable[[str], None]
Answerer = Callable[[Canvas, float, Random], dict[str, Any]]


@dataclass
class Demonstration:
    """What is being set up; `say` reports to the terminal."""

    say: Say
    page_count: int = 60
    seed: int = 1455
    rng: Random = field(init=False)
    people: dict[str, User] = field(init=False)
    volunteers: list[tuple[User, float]] = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.people, self.volunteers = assemble()

    @property
    def curator(self) -> User:
        return self.people["curator"]

    def vocabulary(
        self, name: str, content: bytes, title: Mapping[str, str], *, suffix: str = "csv"
    ) -> Vocabulary:
        """The vocabulary of this name, imported if it is not there yet."""
        found = Vocabulary.objects.filter(slug=name).first()
        if found:
            return found
        record = start_vocabulary_import(
            SimpleUploadedFile(f"{name}.{suffix}", content), slug=name, title=title, by=self.curator
        )
        finish(record.job)
        return Vocabulary.objects.get(slug=name)

    def source(self, title: str, rights: str, files: Sequence[tuple[str, bytes]]) -> Manifest:
        """The manifest of this title, made of these images if it is not there yet."""
        found = Manifest.objects.filter(label={"none": [title]}, created_by=self.curator).first()
        if found:
            return found
        images = [SimpleUploadedFile(name, content) for name, content in files]
        source = import_images(images, title=title, rights=rights, by=self.curator)
        finish(source.job)
        source.refresh_from_db()
        if source.manifest is None:
            raise RuntimeError(f"The images of “{title}” could not be imported.")
        return source.manifest

    def campaign(self, slug: str, manifests: Iterable[Manifest], **values: Any) -> Campaign:
        """An open campaign with its tasks and roles; the engineer may run models in it."""
        campaign = create_campaign(by=self.curator, slug=slug, **values)
        choose_canvases(campaign, manifests=[manifest.pk for manifest in manifests], by=self.curator)
        assign_role(campaign, self.people["engineer"], Role.MANAGER, by=self.curator)
        open_campaign(campaign, by=self.curator)
        campaign.refresh_from_db()
        return campaign

    def work(self, campaign: Campaign, answer: Answerer, *, contributions: int) -> None:
        """Let the simulated volunteers claim and hand in until so many contributions are there."""
        participants = [
            (join_campaign(campaign, user=user, is_simulated=True), skill) for user, skill in self.volunteers
        ]
        missing = contributions - Contribution.objects.filter(task__campaign=campaign).count()
        while missing > 0 and participants:
            participant, skill = self.rng.choice(participants)
            claimed = claim(campaign, participant).assignment
            if claimed is None:
                participants.remove((participant, skill))
                continue
            given = answer(claimed.task.canvas, skill, self.rng)
            seconds = round(self.rng.lognormvariate(3.2, 0.5), 1)
            device = self.rng.choice(["desktop", "desktop", "phone", "tablet"])
            locale = self.rng.choice(["en", "fr"])
            submit(claimed, Submission(uuid4(), given, time_spent_s=seconds, locale=locale, device=device))
            missing -= 1
        self._spread(campaign)

    def _spread(self, campaign: Campaign) -> None:
        """Put the contributions on the last two weeks, in the order in which they were made."""
        rows = list(Contribution.objects.filter(task__campaign=campaign).order_by("submitted_at"))
        now, span = timezone.now(), 14 * 86_400
        moments = sorted(span * self.rng.random() ** 0.8 for _row in rows)
        for row, moment in zip(rows, moments, strict=True):
            row.submitted_at = now - timedelta(seconds=span - moment)
        Contribution.objects.bulk_update(rows, ["submitted_at"], batch_size=500)

    def decide(self, campaign: Campaign, *, count: int) -> None:
        """Merge what has been seen enough, and let the curator decide the least disputed tasks.

        What most people gave with one label is accepted and the rest rejected; the disputed tasks wait
        for whoever tries the review.
        """
        finish(request_consensus(campaign, by=self.curator))
        for task in review_queue(campaign).reverse()[:count]:
            items = task.consensus.items.prefetch_related("annotation__concept_links")
            judgements = [
                Judgement("accepted" if _clear(item) else "rejected", item=item.pk) for item in items
            ]
            decide(campaign, task.pk, judgements, request=uuid4(), by=self.curator)
        self.say(f"  {count} tasks of “{campaign.slug}” are decided")

    def release(self, campaign: Campaign, note: str) -> Release:
        release = start_release(campaign, note=note, rights=campaign.rights, is_public=True, by=self.curator)
        finish(release.job)
        release.refresh_from_db()
        return release


def _clear(item: ConsensusItem) -> bool:
    return 2 * item.support > item.seen and bool(item.annotation.concept_links.all())


def finish(job: Job | None) -> None:
    """Do the job here and now, unless a worker has already taken it; then wait for the row, not for luck."""
    if job is None:
        raise RuntimeError("There is no job to finish.")
    while True:
        run_job(str(job.pk))
        job.refresh_from_db()
        if job.is_finished:
            break
        time.sleep(0.2)
    if job.state != Job.State.DONE:
        raise RuntimeError(f"{job.kind}: {job.error}")


def concepts(vocabulary: Vocabulary) -> dict[str, str]:
    """Notation → id."""
    return {
        notation: str(pk)
        for pk, notation in Concept.objects.filter(vocabulary=vocabulary).values_list("pk", "notation")
    }


# --- the score book -------------------------------------------------------------------------------


def seed_scores(demo: Demonstration) -> None:
    """Sixty engraved pages in five hands; a campaign for boxes, one for tags, a model run and a release."""
    if Campaign.objects.filter(slug="clefs").exists():
        demo.say("The score book is already here.")
        return
    demo.say(f"Engraving {demo.page_count} pages of music …")
    notation = demo.vocabulary(
        "notation", (DATA / "notation.csv").read_bytes(), {"en": "Music notation", "fr": "Notation musicale"}
    )
    hands = demo.vocabulary(
        "hands", (DATA / "hands.csv").read_bytes(), {"en": "Five hands", "fr": "Cinq mains"}
    )
    truth, volumes = _engrave(demo)
    demo.say("Twelve simulated volunteers are at work …")
    clefs = _clef_campaign(demo, notation, volumes, truth)
    hand = _hand_campaign(demo, hands, volumes, truth)
    demo.say("Merging, deciding, releasing …")
    demo.decide(clefs, count=demo.page_count // 2)
    demo.decide(hand, count=demo.page_count // 4)
    demo.release(
        clefs,
        "The first half of the book: every clef, merged from the answers of three people and decided by the curator.",
    )
    _model_run(demo, clefs)


def _engrave(demo: Demonstration) -> tuple[dict[UUID, ScorePage], list[Manifest]]:
    """The volumes, and the truth of each canvas."""
    truth: dict[UUID, ScorePage] = {}
    volumes = []
    rest = iter(pages(demo.page_count, seed=demo.seed))
    number = 0
    while batch := list(islice(rest, PAGES_A_VOLUME)):
        number += 1
        files = [(f"folio-{index + 1:02}.jpg", page.jpeg) for index, page in enumerate(batch)]
        manifest = demo.source(f"Book of scores, volume {number}", CC0, files)
        volumes.append(manifest)
        truth.update(
            zip(manifest.canvases.order_by("position").values_list("pk", flat=True), batch, strict=True)
        )
        demo.say(f"  volume {number} of {-(-demo.page_count // PAGES_A_VOLUME)}")
    return truth, volumes


def _clef_campaign(
    demo: Demonstration, notation: Vocabulary, volumes: list[Manifest], truth: Mapping[UUID, ScorePage]
) -> Campaign:
    ids = concepts(notation)
    campaign = demo.campaign(
        "clefs",
        volumes,
        title={"en": "Draw every clef", "fr": "Dessinez chaque clé"},
        summary={
            "en": "Find the clefs on the pages of a book of scores copied by five hands, and say which they are.",
            "fr": "Trouvez les clés dans les pages d’un recueil copié par cinq mains, et dites lesquelles.",
        },
        question_kind="locate",
        question={
            "prompt": {
                "en": "Draw a box around every clef.",
                "fr": "Dessinez une boîte autour de chaque clé.",
            }
        },
        instructions={"en": CLEF_HELP_EN, "fr": CLEF_HELP_FR},
        vocabulary=notation,
        branch=Concept.objects.get(vocabulary=notation, notation="clefs"),
        overlap=3,
        allows_anonymous=True,
        rights=CC0,
        is_simulated=True,
    )

    def answer(canvas: Canvas, skill: float, rng: Random) -> dict[str, Any]:
        drawn = simulate.answers(truth[canvas.pk].symbols, skill=skill, rng=rng)
        return shapes([(one.box, ids[one.label]) for one in drawn])

    demo.work(campaign, answer, contributions=int(demo.page_count * 3 * 0.7))
    return campaign


def _hand_campaign(
    demo: Demonstration, hands: Vocabulary, volumes: list[Manifest], truth: Mapping[UUID, ScorePage]
) -> Campaign:
    ids = concepts(hands)
    campaign = demo.campaign(
        "hands",
        volumes,
        title={"en": "Which hand wrote this page?", "fr": "Quelle main a écrit cette page ?"},
        summary={
            "en": "Five copyists shared the work. Look at their clefs, flats and strokes, and tell them apart.",
            "fr": "Cinq copistes se sont partagé le travail. Regardez leurs clés, bémols et traits, et distinguez-les.",
        },
        question_kind="tag",
        question={"prompt": {"en": "Which hand wrote this page?", "fr": "Quelle main a écrit cette page ?"}},
        instructions={"en": HAND_HELP_EN, "fr": HAND_HELP_FR},
        vocabulary=hands,
        branch=Concept.objects.get(vocabulary=hands, notation="hands"),
        overlap=3,
        rights=CC0,
        is_simulated=True,
    )

    def answer(canvas: Canvas, skill: float, rng: Random) -> dict[str, Any]:
        return {
            "nothing_here": False,
            "concepts": [ids[simulate.hand(truth[canvas.pk].hand, skill=skill, rng=rng)]],
        }

    demo.work(campaign, answer, contributions=int(demo.page_count * 3 * 0.5))
    return campaign


def _model_run(demo: Demonstration, campaign: Campaign) -> None:
    """*Find more like this* over the pages, left to the worker; its predictions are shown to newcomers."""
    examples = best_examples(campaign, per_concept=1)
    predictor = create_predictor(
        campaign,
        kind="match_template",
        name="Find more like this",
        version="1",
        configuration={"threshold": 0.72, "scales": [0.8, 1.0], "examples": [str(pk) for pk in examples]},
        by=demo.people["engineer"],
    )
    run = start_run(predictor, by=demo.people["engineer"])
    configure_campaign(campaign, {"shown_run": run}, by=demo.curator)


def shapes(drawn: Sequence[tuple[tuple[float, float, float, float], str]]) -> dict[str, Any]:
    """An answer to a *locate* question."""
    return {
        "nothing_here": not drawn,
        "shapes": [
            {
                "id": str(uuid4()),
                "box": [round(value, 2) for value in box],
                "concepts": [concept],
                "origin": "drawn",
            }
            for box, concept in drawn
        ],
    }


# --- real pages -----------------------------------------------------------------------------------


def seed_samples(demo: Demonstration) -> None:
    """Where the samples are present: real manuscript pages with zones to draw, and the Iconclass animals."""
    folder = Path(settings.SAMPLES)
    manuscripts = folder / "images-htromance-latin" / "small"
    if not manuscripts.is_dir():
        demo.say("No samples here, so no campaign on real manuscript pages.")
        return
    if Campaign.objects.filter(slug="zones").exists():
        demo.say("The manuscript pages are already here.")
        return
    demo.say("Real manuscript pages (BnF, by HTRomance) and the Iconclass animals …")
    iconclass = next((folder / "skos-iconclass").glob("*.ttl"), None)
    if iconclass:
        title = {"en": "Iconclass: animals", "fr": "Iconclass : animaux"}
        demo.vocabulary("iconclass-animals", iconclass.read_bytes(), title, suffix="ttl")
    zones = demo.vocabulary(
        "segmonto", (DATA / "segmonto.csv").read_bytes(), {"en": "SegmOnto zones", "fr": "Zones SegmOnto"}
    )
    coco = json.loads((manuscripts / "coco.json").read_text())
    files = [
        (row["file_name"], (manuscripts / "images" / row["file_name"]).read_bytes()) for row in coco["images"]
    ]
    manifest = demo.source("Latin manuscripts of the BnF", CC_BY, files)
    truth = _zones_of(coco, manifest)
    ids = concepts(zones)
    campaign = demo.campaign(
        "zones",
        [manifest],
        title={"en": "The zones of a manuscript page", "fr": "Les zones d’une page de manuscrit"},
        summary={
            "en": "Forty pages of medieval Latin manuscripts: mark text, margins, numbers and large initials.",
            "fr": "Quarante pages de manuscrits latins médiévaux : marquez texte, marges, numéros et grandes initiales.",
        },
        question_kind="locate",
        question={
            "prompt": {
                "en": "Draw a box around every zone.",
                "fr": "Dessinez une boîte autour de chaque zone.",
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

    demo.work(campaign, answer, contributions=60)
    demo.decide(campaign, count=12)


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


def open_tasks() -> int:
    """How many tasks wait for somebody."""
    return Task.objects.filter(state=Task.State.OPEN, campaign__status=Campaign.Status.OPEN).count()


CLEF_HELP_EN = """\
**What to draw.** One box around each clef, close to the ink. Clefs stand at the head of every staff; smaller ones may
return within a line where the reading changes.

- **G clef**: a spiral around the second line.
- **F clef**: a curl with two dots.
- **C clef**: two bars and two bows that meet on a line.

If you are unsure which clef it is, choose *Clef*. If a page has none, say *Nothing here*.
"""
CLEF_HELP_FR = """\
**Que dessiner ?** Une boîte autour de chaque clé, au plus près de l’encre. Les clés sont en tête de chaque portée ; de
plus petites peuvent revenir dans la ligne quand la lecture change.

- **Clé de sol** : une spirale autour de la deuxième ligne.
- **Clé de fa** : une boucle et deux points.
- **Clé d’ut** : deux traits et deux arcs qui se rejoignent sur une ligne.

Si vous hésitez, choisissez *Clé*. Si la page n’en a pas, dites *Rien ici*.
"""
HAND_HELP_EN = """\
Look at the **clefs** first, then at **flats**, **strokes** and **spacing**. Each hand has a note that says how to know
it: read them once before you begin. Choose the hand that fits best.
"""
HAND_HELP_FR = """\
Regardez d’abord les **clés**, puis les **bémols**, les **traits** et l’**espacement**. Une note dit à quoi se reconnaît
chaque main : lisez-les avant de commencer. Choisissez celle qui convient le mieux.
"""
ZONE_HELP_EN = """\
Draw a box around each **zone**: the main text, text in the margin, numbering, running titles, large initials, stamps.
Boxes may overlap: a large initial lies within the main text.
"""
ZONE_HELP_FR = """\
Dessinez une boîte autour de chaque **zone** : texte principal, texte en marge, numérotation, titre courant, grande
initiale, cachet. Les boîtes peuvent se recouvrir : une grande initiale est dans le texte principal.
"""
