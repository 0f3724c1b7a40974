"""Two who write to one vocabulary at the same moment: the second sees what the first has done."""

from uuid import uuid4

import pytest

from problems import Conflict
from taxonomy.actions import apply_import
from taxonomy.actions.proposals import propose_concept
from taxonomy.models import Proposal
from tests.races import at_once
from tests.taxonomy.conftest import CLEFS
from tests.taxonomy.test_dry_run import relabel
from work.actions import run_job

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_edit_while_an_import_is_applied_is_not_written_over(bring, clefs, owner):
    text = CLEFS.replace('"F clef"@en', '"F sign"@en')
    record = apply_import(bring(text, slug="clefs", apply=False), by=owner)
    at_once(lambda: relabel(clefs, "/f", "bass sign", owner), lambda: run_job(str(record.job.pk)))
    record.refresh_from_db()
    assert record.state == "ready", "it is shown again, with the conflict"
    assert [one.kind for one in record.findings.all()] == ["conflict"]
    labels = clefs.concepts.get(uri__endswith="/f").labels.filter(kind="pref", language="en")
    assert labels.get().text == "bass sign"


def test_one_proposal_sent_twice(clefs, owner, stranger):
    said = {"label": "French violin clef", "language": "en"}
    first = uuid4()
    (again,) = at_once(
        lambda: propose_concept(clefs, id=first, by=owner, **said),
        lambda: propose_concept(clefs, id=first, by=owner, **said),
    )
    assert again.pk == first
    said["label"] = "Mezzo-soprano clef"
    (refused,) = at_once(
        lambda: propose_concept(clefs, id=uuid4(), by=owner, **said),
        lambda: propose_concept(clefs, id=uuid4(), by=stranger, **said),
    )
    assert isinstance(refused, Conflict)
    assert refused.code == "proposed-already"
    assert Proposal.objects.count() == 2
