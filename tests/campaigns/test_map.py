"""The map of the tasks: every state in its cell, runs where there are many, and the same cost however many."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from campaigns.actions import claim, join_campaign
from campaigns.models import Assignment, Campaign, Task
from campaigns.statistics import TABLES, places
from campaigns.statistics.reading import read_part
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import answer

STATES = ("waiting", "begun", "held", "retired", "aside", "decided")


def cells(campaign: Campaign) -> list[dict[str, Any]]:
    table = TABLES["map"]
    names = [column.name for column in table.columns]
    part = read_part(table, campaign, "en", limit=1000)
    return [dict(zip(names, row, strict=True)) for row in part.rows]


def answered(campaign: Campaign, said: dict[int, list[Any]]) -> None:
    """So many answers to each page; nobody keeps anything in hand."""
    answer(campaign, said)
    Assignment.objects.filter(state=Assignment.State.LIVE).update(state=Assignment.State.RELEASED)


def states(campaign: Campaign) -> list[str]:
    return [" ".join(name for name in STATES if row[name]) for row in cells(campaign)]


def test_each_task_is_in_the_cell_of_its_state(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(pages=7, overlap=2)
    answered(campaign, {1: [nothing_here()], 2: [nothing_here(), nothing_here()]})
    Task.objects.filter(position=3).update(state=Task.State.ASIDE)
    Task.objects.filter(position=4).update(state=Task.State.DECIDED)
    lease = claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment
    gone = claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment
    assert lease is not None
    assert gone is not None
    Assignment.objects.filter(pk=gone.pk).update(
        task=Task.objects.get(position=6), expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert states(campaign) == ["held", "begun", "retired", "aside", "decided", "waiting", "waiting"]
    held = cells(campaign)[0]
    assert (held["leases"], held["since"], held["until"]) == (1, lease.created_at, lease.expires_at)
    assert [row["cell"] for row in cells(campaign)] == list(range(1, 8))
    assert {row["tasks"] for row in cells(campaign)} == {1}


def test_a_known_answer_in_hand_is_not_given_away(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(pages=2, overlap=2)
    lease = claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment
    assert lease is not None
    Task.objects.filter(pk=lease.task_id).update(state=Task.State.DECIDED)
    assert states(campaign) == ["decided", "waiting"]


def test_many_tasks_are_runs(make_campaign: CampaignMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven tasks in at most three cells are runs of three; a gap among the positions changes nothing."""
    small = TABLES["map"].sql.replace(f"{places.MOST_CELLS}.0", "3.0")
    monkeypatch.setitem(TABLES, "map", _with_sql(small))
    campaign = make_campaign(pages=7, overlap=2)
    answered(campaign, {0: [nothing_here()], 1: [nothing_here(), nothing_here()]})
    Task.objects.filter(position=6).update(position=60)
    claim(campaign, join_campaign(campaign, visitor=uuid4().hex))
    rows = cells(campaign)
    assert [[row[name] for name in ("tasks", *STATES)] for row in rows] == [
        [3, 1, 0, 1, 1, 0, 0],
        [3, 3, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0],
    ]


def test_of_very_many_an_even_sample_tells_how_many_are_begun(
    make_campaign: CampaignMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = (
        TABLES["map"]
        .sql.replace(f"{places.MOST_CELLS}.0", "1.0")
        .replace(f"{places.MOST_LOOKED_AT}.0", "4.0")
    )
    monkeypatch.setitem(TABLES, "map", _with_sql(small))
    campaign = make_campaign(pages=8, overlap=2)
    answered(campaign, {0: [nothing_here()], 2: [nothing_here()]})
    (row,) = cells(campaign)
    assert (row["begun"], row["waiting"]) == (4, 4), "of four looked at two are begun"


def _with_sql(sql: str) -> Any:
    table = TABLES["map"]
    return type(table)(table.name, table.title, table.says, table.columns, sql, table.order, table.complete)


def test_one_statement_and_no_task_looked_up_for_its_state(make_campaign: CampaignMaker, owner: User) -> None:
    campaign = make_campaign(pages=12, overlap=2)
    with CaptureQueriesContext(connection) as asked:
        assert len(cells(campaign)) == 12
    assert len(asked) == 1
    with connection.cursor() as cursor:
        # Which ways there are is what is asked, not what the planner believes of a few rows.
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(
            "EXPLAIN SELECT position, state, id FROM campaigns_task WHERE campaign_id = %s ORDER BY position",
            [campaign.pk],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Only Scan using task_position_once" in plan, plan
