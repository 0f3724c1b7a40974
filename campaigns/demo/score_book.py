"""The book of scores: engraved pages in five hands, campaigns for boxes and tags, a model, a release."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from annotation.models import Canvas, Manifest
from campaigns.demo import simulate
from campaigns.demo.engrave import ScorePage, pages
from campaigns.demo.seed import CC0, Demonstration, concepts, shapes
from campaigns.models import Campaign, Contribution, PredictionRun
from taxonomy.models import Concept, Vocabulary

PAGES_A_VOLUME = 10
DATA = Path(__file__).parent / "data"
NOTE = (
    "The first half of the book: every clef, merged from the answers of three people "
    "and decided by the curator."
)


def seed_scores(demo: Demonstration) -> None:
    """Whatever is missing of the pages, their two campaigns, the model run and the release."""
    if _is_complete(demo):
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
    demo.release(clefs, NOTE)
    demo.agreement(clefs)
    demo.agreement(hand)
    run = demo.model_run(clefs)
    demo.say("What the model found is put to people …")
    _judging_campaign(demo, notation, run)


def _wanted(demo: Demonstration) -> dict[str, int]:
    """Contributions by campaign: about two thirds and half of what the overlap asks for."""
    return {"clefs": int(demo.page_count * 3 * 0.7), "hands": int(demo.page_count * 3 * 0.5)}


def _is_complete(demo: Demonstration) -> bool:
    """Whether the last steps were done: then every step before them was."""
    answered = all(
        Contribution.objects.filter(task__campaign__slug=slug).count() >= count
        for slug, count in _wanted(demo).items()
    )
    return answered and Campaign.objects.filter(slug="right").exclude(status=Campaign.Status.DRAFT).exists()


def _engrave(demo: Demonstration) -> tuple[dict[UUID, ScorePage], list[Manifest]]:
    """The volumes, and the truth of each canvas; a volume is imported while the next is engraved."""
    with ThreadPoolExecutor(2) as pool:
        coming: list[tuple[list[ScorePage], Future[Manifest]]] = []
        for number, batch in enumerate(_volumes(demo), start=1):
            coming.append((batch, pool.submit(_bring_in, demo, number, batch)))
        truth: dict[UUID, ScorePage] = {}
        volumes = []
        for batch, future in coming:
            manifest = future.result()
            canvases = manifest.canvases.order_by("position").values_list("pk", flat=True)
            truth.update(zip(canvases, batch, strict=False))
            volumes.append(manifest)
            demo.say(f"  volume {len(volumes)} of {len(coming)}")
    return truth, volumes


def _volumes(demo: Demonstration) -> Iterator[list[ScorePage]]:
    rest = pages(demo.page_count, seed=demo.seed)
    while batch := list(islice(rest, PAGES_A_VOLUME)):
        yield batch


def _bring_in(demo: Demonstration, number: int, batch: list[ScorePage]) -> Manifest:
    """In a thread, so with a database connection of its own."""
    files = [(f"folio-{index + 1:02}.jpg", page.jpeg) for index, page in enumerate(batch)]
    try:
        return demo.source(f"Book of scores, volume {number}", CC0, files)
    finally:
        connection.close()


def _clef_campaign(
    demo: Demonstration, notation: Vocabulary, volumes: list[Manifest], truth: Mapping[UUID, ScorePage]
) -> Campaign:
    ids = concepts(notation)
    campaign = demo.campaign(
        "clefs",
        volumes,
        title={"en": "Draw every clef", "fr": "Dessinez chaque clé"},
        summary={
            "en": "Find the clefs in a book of scores copied by five hands, and say which they are.",
            "fr": "Trouvez les clés dans un recueil copié par cinq mains, et dites lesquelles.",
        },
        question_kind="locate",
        question={
            "prompt": {
                "en": "Draw a box around every clef.",
                "fr": "Dessinez un cadre autour de chaque clé.",
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

    demo.work(campaign, answer, contributions=_wanted(demo)["clefs"])
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
            "en": "Five copyists shared the work. Tell them apart by their clefs, flats and strokes.",
            "fr": "Cinq copistes se sont partagé le travail. Leurs clés, bémols et traits les distinguent.",
        },
        question_kind="tag",
        question={"prompt": {"en": "Which hand wrote this page?", "fr": "Quelle main a écrit cette page ?"}},
        instructions={"en": HAND_HELP_EN, "fr": HAND_HELP_FR},
        vocabulary=hands,
        branch=Concept.objects.get(vocabulary=hands, notation="hands"),
        cover=volumes[0].canvases.order_by("-position")[0],  # no two cards with the same picture
        overlap=3,
        rights=CC0,
        is_simulated=True,
    )

    def answer(canvas: Canvas, skill: float, rng: Random) -> dict[str, Any]:
        return {
            "nothing_here": False,
            "concepts": [ids[simulate.hand(truth[canvas.pk].hand, skill=skill, rng=rng)]],
        }

    demo.work(campaign, answer, contributions=_wanted(demo)["hands"])
    return campaign


def _judging_campaign(demo: Demonstration, notation: Vocabulary, run: PredictionRun) -> Campaign:
    """Twenty clefs at a glance: is what the model found what it says?"""
    return demo.judging(
        "right",
        run,
        title={"en": "Is that a clef?", "fr": "Est-ce bien une clé\u202f?"},
        summary={
            "en": "A model has looked for clefs. See at a glance where it went wrong.",
            "fr": "Un modèle a cherché des clés. Voyez d’un coup d’œil où il s’est trompé.",
        },
        question_kind="verify",
        question={
            "prompt": {
                "en": "Is each of these the clef that it is called?",
                "fr": "Chacune est-elle la clé que l’on dit\u202f?",
            },
            "show": "grid",
        },
        instructions={"en": JUDGING_HELP_EN, "fr": JUDGING_HELP_FR},
        vocabulary=notation,
        branch=Concept.objects.get(vocabulary=notation, notation="clefs"),
        overlap=2,
        allows_anonymous=True,
        rights=CC0,
        is_simulated=True,
    )


JUDGING_HELP_EN = """\
The least certain ones come first. Press every picture that shows something else, or a clef of another kind. A
picture that is only cut badly is **right but inexact**: look closer and correct its box. Then say that the others
are right.
"""
JUDGING_HELP_FR = """\
Les moins sûres viennent d’abord. Pressez chaque image qui montre autre chose, ou une clé d’une autre sorte. Une
image seulement mal coupée est **juste mais inexacte** : regardez-la de plus près et corrigez son cadre. Puis dites
que les autres sont justes.
"""
CLEF_HELP_EN = """\
**What to draw.** One box around each clef, close to the ink. Clefs stand at the head of every staff; smaller
ones may return within a line where the reading changes.

- **G clef**: a spiral around the second line.
- **F clef**: a curl with two dots.
- **C clef**: two bars and two bows that meet on a line.

If you are unsure which clef it is, choose *Clef*. If a page has none, say *Nothing here*.
"""
CLEF_HELP_FR = """\
**Que dessiner ?** Un cadre autour de chaque clé, au plus près de l’encre. Les clés sont en tête de chaque
portée ; de plus petites peuvent revenir dans la ligne quand la lecture change.

- **Clé de sol** : une spirale autour de la deuxième ligne.
- **Clé de fa** : une boucle et deux points.
- **Clé d’ut** : deux traits et deux arcs qui se rejoignent sur une ligne.

Si vous hésitez, choisissez *Clé*. Si la page n’en a pas, dites *Rien ici*.
"""
HAND_HELP_EN = """\
Look at the **clefs** first, then at **flats**, **strokes** and **spacing**. Each hand has a note that says how
to know it: read them once before you begin. Choose the hand that fits best.
"""
HAND_HELP_FR = """\
Regardez d’abord les **clés**, puis les **bémols**, les **traits** et l’**espacement**. Une note dit à quoi se
reconnaît chaque main : lisez-les avant de commencer. Choisissez celle qui convient le mieux.
"""
