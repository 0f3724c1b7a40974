"""Agreement over time, on what is drawn and on what is said: each time is what it would be by itself, with its interval."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from campaigns.actions.agreeing import write_agreement
from campaigns.agreement_report import agreement_report
from campaigns.models import AgreementReport, Campaign, Contribution
from campaigns.quality.agreement_report import box_report
from campaigns.quality.drawn import Drawn
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, TWO, answer, located, moved, tagged

Clef = Callable[[str], Concept]
WEEKS = np.array(["2026-W01", "2026-W02", "2026-W03"])
drawing = st.tuples(
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(1, 6),
    st.integers(1, 6),
    st.integers(0, 5),
    st.integers(0, 2),
)


def of(table: Any, looks: Any, shapes: str) -> dict[str, Any]:
    x, y, w, h = table[:, :4].T
    more: dict[str, Any] = {}
    if shapes == "outlines":
        corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
        more["outlines"] = list(np.stack([np.column_stack(one) for one in corners], axis=1))
    if shapes == "points":
        more |= {"points": table[:, :2], "reach": np.full(len(table), 2.0)}
    drawn = Drawn(
        box=table[:, :4], canvas=table[:, 4].astype(int), person=table[:, 5].astype(int),
        label=np.array(["a"] * len(table)), seen_canvas=looks[:, 0], seen_person=looks[:, 1],
        seen_period=WEEKS[looks[:, 2]], **more,
    )  # fmt: skip
    return box_report(drawn, seed=1, samples=40)


@given(
    st.lists(drawing, min_size=1, max_size=14, unique=True),
    st.lists(st.integers(0, 2), min_size=18, max_size=18),
    st.sampled_from(["boxes", "outlines", "points"]),
)
@settings(max_examples=30, deadline=None)
def test_each_time_is_what_its_canvases_are_by_themselves(rows: Any, when: list[int], shapes: str) -> None:
    table = np.array(rows, dtype=np.float64)
    looks = np.column_stack([np.repeat(np.arange(6), 3), np.tile(np.arange(3), 6), when])
    report = of(table, looks, shapes)
    last = np.array([max(when[3 * page : 3 * page + 3]) for page in range(6)])
    assert [row["period"] for row in report["box_periods"]] == [str(WEEKS[code]) for code in np.unique(last)]
    assert sum(row["boxes"] for row in report["box_periods"]) == len(rows)
    for row in report["box_periods"]:
        here = np.isin(np.arange(6), np.flatnonzero(WEEKS[last] == row["period"]))
        mine = table[here[table[:, 4].astype(int)]]
        if not len(mine):
            assert row["f1"] == 1.0, "all say that there is nothing"
            continue
        alone = of(mine, looks[here[looks[:, 0]]], shapes)
        assert {
            name: row[name] for name in ("f1", "f1_boxes", "mean_iou", "interval", "canvases", "people")
        } == {
            name: alone["boxes"][name]
            for name in ("f1", "f1_boxes", "mean_iou", "interval", "canvases", "people")
        }


def at(campaign: Campaign, position: int, day: datetime) -> None:
    Contribution.objects.filter(task__campaign=campaign, task__position=position).update(submitted_at=day)


@pytest.fixture
def boxes(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    campaign = make_campaign(pages=4)
    f, g = clef("F"), clef("G")
    alike = [located([(moved(ONE, 2 * n), f), (TWO, g)]) for n in range(3)]
    apart = [located([(ONE, f)]), located([(TWO, g)]), located([])]
    again = [located([(ONE, f), (TWO, g)]) for _n in range(3)]
    answer(
        campaign, {0: alike, 1: again, 2: apart, 3: [located([(ONE, g)]), located([(ONE, f)]), located([])]}
    )
    monday = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("Europe/Paris"))
    for position in range(4):
        at(campaign, position, monday + timedelta(days=position // 2 * 7))
    return campaign


def test_weeks_of_boxes_are_on_the_page_and_in_the_tables(
    boxes: Campaign, owner: User, client: Client
) -> None:
    report = agreement_report(boxes, "en")
    assert report["method"]["period"] == "week"
    first, second = report["box_periods"]
    assert (first["period"], first["f1"], first["canvases"], first["boxes"]) == ("2026-W10", 1.0, 2, 12)
    assert (second["period"], second["canvases"], second["boxes"]) == ("2026-W11", 2, 4)
    # Six meetings: two pairs of one box each that do not match, four of a box and nothing; then one that matches.
    assert second["f1"] == pytest.approx(2 / 12)
    assert first["interval"] == {"low": 1.0, "high": 1.0}
    assert 0 <= second["interval"]["low"] <= second["f1"] <= second["interval"]["high"] < 1
    assert [row["period"] for row in report["periods"]] == ["2026-W10", "2026-W11"]
    assert report["periods"][0]["interval"] == {"low": 1.0, "high": 1.0}
    write_agreement(AgreementReport.objects.create(campaign=boxes).pk)
    client.force_login(owner)
    page = client.get(f"/campaigns/{boxes.slug}/agreement/").content.decode()
    for words in (
        "F1 of what people drew",
        "Alpha of what people said",
        "2026-W11",
        "the week of its last answer",
    ):
        assert words in page
    told = client.get(reverse("api-agreement", args=[boxes.slug])).json()
    assert [row["f1"] for row in told["box_periods"]] == [1.0, second["f1"]]
    table = client.get(reverse("api-agreement-table", args=[boxes.slug, "box_periods"])).content.decode()
    assert table.splitlines()[0] == "\ufeffperiod,f1,low,high,f1_boxes,mean_iou,canvases,people,boxes"
    assert table.splitlines()[1].startswith("2026-W10,1.0,1.0,1.0,1.0,")
    labels = client.get(reverse("api-agreement-table", args=[boxes.slug, "periods"])).content.decode()
    assert labels.splitlines()[0] == "\ufeffperiod,alpha,low,high,percent,units,people,answers"


def test_more_than_half_a_year_is_told_by_month(boxes: Campaign) -> None:
    at(boxes, 3, datetime(2026, 10, 5, 12, tzinfo=ZoneInfo("Europe/Paris")))
    report = agreement_report(boxes, "en")
    assert report["method"]["period"] == "month"
    assert [row["period"] for row in report["box_periods"]] == ["2026-03", "2026-10"]


def test_labels_alone_have_no_f1_over_time(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(question_kind="tag", slug="tags", question={"prompt": {"en": "?"}})
    answer(campaign, {0: [tagged(clef(name)) for name in "FGG"]})
    report = agreement_report(campaign, "en")
    assert "box_periods" not in report
    assert report["periods"][0]["interval"] is None, "one image has no interval"
