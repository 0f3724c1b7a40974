"""Small campaigns to test with: a vocabulary of clefs, a manifest of pages, people who answer."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from django.db import connection

from accounts.models import User
from annotation.models import Canvas, Manifest
from campaigns.actions import Submission, choose_canvases, create_campaign, join_campaign, open_campaign
from campaigns.models import Campaign, Participant
from taxonomy.actions import rebuild_tree
from taxonomy.folding import fold
from taxonomy.models import Concept, Label, Vocabulary

T = TypeVar("T")
CLEFS = {"G": ("G clef", "clef de sol"), "F": ("F clef", "clef de fa"), "C": ("C clef", "clef d’ut")}


@pytest.fixture
def vocabulary(db: None) -> Vocabulary:
    """Three clefs below “clef”, in English and French."""
    return make_vocabulary("clefs")


def make_vocabulary(slug: str) -> Vocabulary:
    vocabulary = Vocabulary.objects.create(
        slug=slug, uri=f"https://example.org/{slug}", title={"en": slug}, version=1
    )
    top = make_concept(vocabulary, None, "top", ("clef", "clef"), 0)
    for rank, (notation, labels) in enumerate(CLEFS.items()):
        make_concept(vocabulary, top, notation, labels, rank)
    rebuild_tree(vocabulary)
    return vocabulary


def make_concept(
    vocabulary: Vocabulary, parent: Concept | None, notation: str, labels: tuple[str, str], rank: int
) -> Concept:
    uri = f"{vocabulary.uri}/{notation}"
    concept = Concept.objects.create(
        vocabulary=vocabulary, uri=uri, notation=notation, parent=parent, rank=rank
    )
    for language, text in zip(("en", "fr"), labels, strict=True):
        Label.objects.create(
            concept=concept, kind=Label.Kind.PREF, language=language, text=text, folded=fold(text)
        )
    return concept


@pytest.fixture
def clef(vocabulary: Vocabulary) -> Callable[[str], Concept]:
    """The concept with this notation: `clef("F")`."""
    return lambda notation: vocabulary.concepts.get(notation=notation)


def make_manifest(pages: int, by: User, *, is_public: bool = True, name: str | None = None) -> Manifest:
    """A manifest of pages of 1000 × 1400 canvas units."""
    uri = f"https://example.org/iiif/{name or uuid4()}"
    manifest = Manifest.objects.create(
        uri=f"{uri}/manifest", label={"en": ["A gradual"]}, document={}, is_public=is_public, created_by=by,
        rights="http://creativecommons.org/publicdomain/zero/1.0/",
    )  # fmt: skip
    Canvas.objects.bulk_create(
        Canvas(
            manifest=manifest, uri=f"{uri}/canvas/{number}", position=number, label={"none": [str(number + 1)]},
            width=1000, height=1400, image_service=f"{uri}/image/{number}", image_service_version=3,
            image_width=2000, image_height=2800,
        )
        for number in range(pages)
    )  # fmt: skip
    return manifest


SETTINGS: dict[str, Any] = {
    "title": {"en": "Draw every clef", "fr": "Dessinez chaque clef"},
    "question_kind": "locate",
    "question": {"prompt": {"en": "Draw a box around every clef."}},
}

CampaignMaker = Callable[..., Campaign]


@pytest.fixture
def make_campaign(owner: User, vocabulary: Vocabulary) -> CampaignMaker:
    """A campaign of Olga’s, open unless `open_it=False`; `pages` tasks, any setting by its name."""

    def make(slug: str = "clefs", *, pages: int = 4, open_it: bool = True, **settings: Any) -> Campaign:
        campaign = create_campaign(by=owner, slug=slug, **{**SETTINGS, "vocabulary": vocabulary, **settings})
        if pages:
            choose_canvases(campaign, manifests=[make_manifest(pages, owner).pk], by=owner)
        return open_campaign(campaign, by=owner) if open_it else campaign

    return make


@pytest.fixture
def campaign(make_campaign: CampaignMaker) -> Campaign:
    """Open, public, four tasks, three people each."""
    return make_campaign()


@pytest.fixture
def people() -> Callable[[Campaign, int], list[Participant]]:
    """So many anonymous participants of a campaign."""

    def make(campaign: Campaign, count: int) -> list[Participant]:
        return [join_campaign(campaign, visitor=f"{uuid4().hex}{number}") for number in range(count)]

    return make


def nothing_here(contribution_id: UUID | None = None) -> Submission:
    return Submission(id=contribution_id or uuid4(), answer={"nothing_here": True})


def boxes(*boxes: Sequence[float], concept: Concept, contribution_id: UUID | None = None) -> Submission:
    """An answer with drawn boxes, all of one concept."""
    shapes = [
        {
            "id": str(uuid4()),
            "box": list(box),
            "concepts": [str(concept.pk)],
            "origin": "drawn",
            "prediction": None,
        }
        for box in boxes
    ]
    return Submission(id=contribution_id or uuid4(), answer={"nothing_here": False, "shapes": shapes})


def in_threads(count: int, work: Callable[[int], T], inputs: Iterable[int] | None = None) -> list[T]:
    """Do the work in `count` threads, each with a database connection of its own; their results in order."""

    def one(number: int) -> T:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count) if inputs is None else inputs))
