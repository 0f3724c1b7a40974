"""The tables by which a campaign is watched, each beside the same counted by hand; as JSON and as a file."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import Submission, claim, join_campaign, skip, submit
from campaigns.models import (
    Assignment,
    Campaign,
    Contribution,
    ContributionShape,
    Participant,
    Task,
    TaskConsensus,
)
from campaigns.statistics import TABLES
from campaigns.statistics.reading import as_csv, read_all, read_part
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, make_manifest, nothing_here
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, moved, tagged, task_at

Clef = Callable[[str], Concept]


def rows(campaign: Campaign, name: str, language: str = "en") -> list[dict[str, Any]]:
    table = TABLES[name]
    part = read_part(table, campaign, language, limit=500)
    names = [column.name for column in table.columns]
    assert part.total == len(part.rows)
    assert [tuple(row) for row in read_all(table, campaign, language)] == [tuple(row) for row in part.rows]
    return [dict(zip(names, row, strict=True)) for row in part.rows]


def only(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


@pytest.fixture
def answered(campaign: Campaign, clef: Clef) -> Campaign:
    """Four pages. Three people on three of them; of page 1 they say F, F and G G, on page 2 nothing."""
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [located([(moved(ONE, 2 * n), f), (TWO, g)]) for n in range(3)],
            1: [located([(ONE, f)]), located([(ONE, f)]), located([(ONE, g), (TWO, g)])],
            2: [nothing_here() for _person in range(3)],
        },
    )
    merge(campaign)
    return campaign


def test_work_by_day_and_hour(answered: Campaign) -> None:
    now = timezone.now()
    first = Contribution.objects.order_by("submitted_at")[0]
    Contribution.objects.filter(pk=first.pk).update(submitted_at=now - timedelta(days=3))
    Assignment.objects.filter(pk=first.assignment_id).update(created_at=now - timedelta(days=3))
    today, before = rows(answered, "throughput")
    done = ("claims", "contributions", "counted", "people")
    assert (today["day"], before["day"]) == (now.date(), (now - timedelta(days=3)).date())
    # Three of the nine claims of today were left: everybody was given the fourth page, too.
    assert only(today, *done) == (11, 8, 8, 3)
    assert only(before, *done) == (1, 1, 1, 1)
    hour = rows(answered, "hours")[-1]
    assert hour["hour"] == (now - timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    assert only(hour, *done) == (1, 1, 1, 1)


def test_a_day_is_one_of_the_reader(answered: Campaign) -> None:
    Contribution.objects.update(submitted_at=timezone.now().replace(hour=23, minute=30))
    Assignment.objects.update(created_at=timezone.now().replace(hour=23, minute=30))
    with timezone.override("Asia/Tokyo"):
        (row,) = rows(answered, "throughput")
    assert row["day"] == (timezone.now() + timedelta(days=1)).date()


def test_coverage(answered: Campaign, owner: User) -> None:
    accept_all(answered, task_at(answered, 0), owner)
    (row,) = rows(answered, "coverage")
    assert only(row, "label", "tasks", "answered", "retired", "decided", "answers", "done") == (
        "A gradual", 4, 3, 2, 1, 9, 0.75,
    )  # fmt: skip


def test_a_source_without_a_label_is_called_by_its_address(answered: Campaign) -> None:
    manifest = task_at(answered).canvas.manifest
    for label, called in (({}, manifest.uri), ({"fr": ["Un graduel"]}, "Un graduel"), ([], manifest.uri)):
        type(manifest).objects.update(label=label)
        assert rows(answered, "coverage")[0]["label"] == called


def test_agreement_over_time(answered: Campaign) -> None:
    day = timezone.now() - timedelta(days=2)
    Task.objects.filter(pk=task_at(answered, 1).pk).update(retired_at=day)
    values = [task_at(answered, position).consensus.agreement for position in range(3)]
    today, before = rows(answered, "agreement")
    assert only(before, "day", "tasks") == (day.date(), 1)
    assert (before["agreement"], before["so_far"]) == pytest.approx((values[1], values[1]))
    assert (today["tasks"], today["agreement"]) == (2, pytest.approx((values[0] + values[2]) / 2))
    assert today["so_far"] == pytest.approx(sum(values) / 3)
    assert before["lower"] == before["upper"] == pytest.approx(values[1])


def test_concepts(answered: Campaign, owner: User) -> None:
    accept_all(answered, task_at(answered, 0), owner)
    counted = [
        only(row, "label", "notation", "given", "people", "ground_truth", "accepted", "corrected", "rejected")
        for row in rows(answered, "concepts", "fr")
    ]
    assert counted == [("clef de fa", "F", 5, 3, 1, 1, 0, 0), ("clef de sol", "G", 5, 3, 1, 1, 0, 0)]
    assert sum(row["consensus"] for row in rows(answered, "concepts")) == 4


def test_people(answered: Campaign) -> None:
    pseudonyms = dict(Participant.objects.values_list("pk", "pseudonym"))
    for number, contribution in enumerate(Contribution.objects.order_by("submitted_at")):
        Contribution.objects.filter(pk=contribution.pk).update(time_spent_s=10 + number)
    found = rows(answered, "people")
    assert {row["person"]: row["name"] for row in found} == pseudonyms
    assert not {"user", "email", "visitor"} & set(found[0])
    by_order = sorted(found, key=lambda row: row["first_at"])
    assert [only(row, "contributions", "counted", "skipped", "abandoned") for row in by_order] == [
        (3, 3, 0, 0),
    ] * 3  # fmt: skip
    assert [row["nothing_here"] for row in by_order] == pytest.approx([1 / 3] * 3)
    assert [row["median_s"] for row in by_order] == [11, 14, 17]
    # Page 0: two of two shared. Page 1: the majority drew one box; the third person drew it, and another.
    # Page 2: all say nothing, which is one thing shared.
    assert [row["consensus"] for row in by_order] == pytest.approx([1, 1, 2 * (2 + 1 + 1) / (4 + 3 + 2)])
    assert all(row["others_of"] for row in found)
    assert [row["flags"] for row in found] == [[], [], []]


def test_people_who_tag(make_campaign: CampaignMaker, clef: Clef) -> None:
    f, g = clef("F"), clef("G")
    campaign = make_campaign(
        pages=1, question_kind="tag", question={"prompt": {"en": "Which?"}, "many": True}, overlap=3
    )
    answer(campaign, {0: [tagged(f, g), tagged(f, g), tagged(f)]})
    merge(campaign)
    found = sorted(rows(campaign, "people"), key=lambda row: row["first_at"])
    assert [row["consensus"] for row in found] == pytest.approx([1, 1, 2 / 3])


def test_slow_and_passed_over_tasks(campaign: Campaign) -> None:
    ann, bob = (join_campaign(campaign, visitor=uuid4().hex) for _person in range(2))
    for person, seconds in ((ann, 30), (bob, 50)):
        given = claim(campaign, person).assignment
        assert given is not None
        submit(given, nothing_here())
        Contribution.objects.filter(assignment=given).update(time_spent_s=seconds)
        second = claim(campaign, person).assignment
        assert second is not None
        skip(second)
    left = claim(campaign, ann).assignment
    assert left is not None
    Assignment.objects.filter(pk=left.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    (slow,) = rows(campaign, "slow-tasks")
    assert only(slow, "canvas", "source", "state", "answers", "median_s", "skipped") == (
        "1", "A gradual", "open", 2, 40, 0,
    )  # fmt: skip
    passed = [only(row, "canvas", "skipped", "abandoned") for row in rows(campaign, "passed-over")]
    assert passed == [("2", 2, 0), ("3", 0, 1)]


def test_how_long_people_stay(campaign: Campaign) -> None:
    for number in (0, 1, 1, 3):
        person = join_campaign(campaign, visitor=uuid4().hex)
        for _answer in range(number):
            given = claim(campaign, person).assignment
            assert given is not None
            submit(given, nothing_here())
        claim(campaign, person)
    join_campaign(campaign, visitor="who only looks at the door")
    assert [tuple(row.values()) for row in rows(campaign, "drop-out")] == [
        (0, 4, 1.0, 1),
        (1, 3, 0.75, 2),
        (2, 1, 0.25, 1),
    ]


def test_how_far_they_differ(answered: Campaign, make_campaign: CampaignMaker) -> None:
    found = rows(answered, "disagreement")
    assert [row["least"] for row in found] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    merged = list(TaskConsensus.objects.filter(campaign=answered).values_list("disagreement", flat=True))
    assert len(merged) == 3
    for row in found:
        inside = [one for one in merged if row["least"] <= one < row["most"] or one == row["most"] == 1]
        assert (row["images"], row["share"]) == (len(inside), pytest.approx(len(inside) / 3))
    assert rows(make_campaign("nothing"), "disagreement") == []


def test_where_shapes_come_from(answered: Campaign, make_campaign: CampaignMaker) -> None:
    (row,) = rows(answered, "origins")
    # Two boxes of three people on the first page, four boxes on the second.
    assert only(row, "origin", "shapes", "people", "share", "iou") == ("drawn", 10, 3, 1, None)
    first = ContributionShape.objects.order_by("pk")[0]
    ContributionShape.objects.filter(pk=first.pk).update(origin="edited", prediction_iou=0.75)
    drawn, edited = rows(answered, "origins")
    assert only(drawn, "origin", "shapes", "share") == ("drawn", 9, 0.9)
    assert only(edited, "origin", "shapes", "people", "iou") == ("edited", 1, 1, 0.75)
    assert rows(make_campaign("nothing"), "origins") == []


def test_how_sure_people_are(make_campaign: CampaignMaker, clef: Clef) -> None:
    question = {"prompt": {"en": "Draw every clef."}, "certainty": True}
    campaign = make_campaign(question=question)
    assert rows(campaign, "certainty") == []

    def sure(certainty: str, concept: Concept, box: Any = ONE) -> Submission:
        said = located([(box, concept)])
        (shape,) = said.answer["shapes"]
        return Submission(said.id, {**said.answer, "shapes": [{**shape, "certainty": certainty}]})

    f, g = clef("F"), clef("G")
    # Two say surely F; who is unsure says G of the same box. One goes on to the next page.
    answer(campaign, {0: [sure("sure", f), sure("sure", f), sure("unsure", g)], 1: [sure("likely", f)]})
    merge(campaign)
    first, second, third = rows(campaign, "certainty")
    assert only(first, "certainty", "given", "people", "share", "others", "others_of") == (
        "sure", 2, 2, 0.5, 0.5, 2,
    )  # fmt: skip
    # Alone on its page: there is nobody to be beside.
    assert only(second, "certainty", "given", "others", "others_of") == ("likely", 1, None, 0)
    assert only(third, "certainty", "given", "others", "others_of") == ("unsure", 1, 0, 1)


def test_leases(campaign: Campaign, owner: User) -> None:
    now = timezone.now()
    for minutes in (20, 3, -1):
        given = claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment
        assert given is not None
        Assignment.objects.filter(pk=given.pk).update(expires_at=now + timedelta(minutes=minutes))
    (row,) = rows(campaign, "leases")
    assert only(row, "live", "ending", "people", "abandoned", "next_end") == (
        2, 1, 2, 1, now + timedelta(minutes=3),
    )  # fmt: skip


def test_other_campaigns_are_left_out(answered: Campaign, make_campaign: CampaignMaker) -> None:
    empty = make_campaign("quiet", pages=0, open_it=False)
    assert {name: rows(empty, name) for name in TABLES} == {name: [] for name in TABLES}


# --- over REST ------------------------------------------------------------------------------------

ADDRESS = "/api/v1/campaigns/clefs/statistics/"


def test_the_list_of_tables(answered: Campaign, owner: User, api: APIClient) -> None:
    api.force_authenticate(owner)
    listed = api.get(ADDRESS).json()
    assert [table["name"] for table in listed] == list(TABLES)
    french = api.get(ADDRESS, headers={"Accept-Language": "fr"}).json()
    for english, translated in zip(listed, french, strict=True):
        assert english["says"] != translated["says"]
        assert english["columns"][0].keys() == {"name", "kind", "label"}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_as_json_and_as_a_file(answered: Campaign, owner: User, api: APIClient, name: str) -> None:
    api.force_authenticate(owner)
    shown = api.get(f"{ADDRESS}{name}/").json()
    assert shown["count"] == len(shown["results"])
    file = api.get(f"{ADDRESS}{name}.csv")
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"] == f'attachment; filename="clefs-{name}.csv"'
    content = b"".join(file.streaming_content).decode()
    assert content.startswith("\ufeff")
    read = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))
    assert len(read) == shown["count"]
    assert all(list(row) == [column["name"] for column in shown["columns"]] for row in read)
    numbers = [column["name"] for column in shown["columns"] if column["kind"] == "count"]
    assert [[int(row[key]) for key in numbers] for row in read] == [
        [row[key] for key in numbers] for row in shown["results"]
    ]


def test_page_by_page(answered: Campaign, owner: User, api: APIClient) -> None:
    api.force_authenticate(owner)
    first = api.get(f"{ADDRESS}people/?page_size=2").json()
    assert (first["count"], len(first["results"]), first["previous"]) == (3, 2, None)
    second = api.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (1, None)
    assert api.get(second["previous"]).json() == first
    assert api.get(f"{ADDRESS}people/?page=3&page_size=2").status_code == 404
    assert api.get(f"{ADDRESS}people/?page=0").json()["code"] == "bad-page"
    refused = api.get(f"{ADDRESS}feelings/")
    assert refused.status_code == 404
    assert "throughput" in refused.json()["detail"]


def test_no_cell_is_a_formula(answered: Campaign) -> None:
    Participant.objects.filter(pk=Participant.objects.first().pk).update(pseudonym="=HYPERLINK(1)")
    content = b"".join(as_csv(TABLES["people"], answered, "en")).decode()
    assert ",'=HYPERLINK(1)," in content


@pytest.mark.parametrize("name", TABLES)
def test_a_constant_number_of_statements(
    make_campaign: CampaignMaker, owner: User, clef: Clef, name: str
) -> None:
    numbers = set()
    for slug, pages, people in (("small", 2, 2), ("large", 8, 5)):
        campaign = make_campaign(slug, pages=pages, overlap=people)
        f = clef("F")
        answer(campaign, {at: [located([(ONE, f)]) for _person in range(people)] for at in range(pages)})
        merge(campaign)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read_part(TABLES[name], campaign, "en", limit=100)
            list(as_csv(TABLES[name], campaign, "en"))
        numbers.add(len(queries))
    assert len(numbers) == 1
    assert max(numbers) <= (18 if name == "people" else 2)


def test_a_large_table_comes_in_pieces(make_campaign: CampaignMaker, owner: User) -> None:
    campaign = make_campaign(pages=1)
    canvas = make_manifest(1, owner).canvases.get()
    tasks = Task.objects.bulk_create(
        Task(campaign=campaign, canvas=canvas, position=10 + number) for number in range(4500)
    )
    person = join_campaign(campaign, visitor=uuid4().hex)
    Assignment.objects.bulk_create(
        Assignment(task=task, participant=person, state="skipped", expires_at=timezone.now())
        for task in tasks
    )
    pieces = list(as_csv(TABLES["passed-over"], campaign, "en"))
    assert len(pieces) == 3
    assert b"".join(pieces).count(b"\r\n") == 4501
