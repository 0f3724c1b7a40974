"""Outlines and points in the report of agreement are measured by themselves, as on the dashboard, and not by boxes."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from campaigns.actions import Submission
from campaigns.actions.agreeing import write_agreement
from campaigns.agreement_report import agreement_report
from campaigns.figures import agreement_of
from campaigns.models import AgreementReport, Campaign
from campaigns.quality.agreement_report import box_report
from campaigns.quality.drawn import Drawn
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import answer

Clef = Callable[[str], Concept]


def said(points: list[list[float]], concept: Concept) -> Submission:
    shape = {"id": str(uuid4()), "points": points, "concepts": [str(concept.pk)]}
    return Submission(uuid4(), {"nothing_here": False, "shapes": [shape]})


def campaign_of(make_campaign: CampaignMaker, shapes: str, rows: dict[int, Any]) -> Campaign:
    campaign = make_campaign(pages=2, question={"prompt": {"en": "?"}, "shapes": shapes})
    answer(campaign, rows)
    return campaign


# Two triangles in the same box, which share nothing but a line: their boxes are alike.
UPPER: list[list[float]] = [[100, 100], [200, 100], [100, 200]]
LOWER: list[list[float]] = [[200, 200], [200, 100], [100, 200]]


def test_outlines_that_only_their_boxes_share_are_apart(
    make_campaign: CampaignMaker, clef: Clef, owner: User, client: Client
) -> None:
    f = clef("F")
    campaign = campaign_of(make_campaign, "polygon", {0: [said(UPPER, f), said(LOWER, f), said(UPPER, f)]})
    report = agreement_report(campaign, "en")
    assert report["boxes"]["f1"] == agreement_of(campaign).value == pytest.approx(1 / 3)
    assert report["boxes"]["mean_iou"] == pytest.approx(1)
    assert report["units"][0]["f1"] == pytest.approx(1 / 3)
    # Two things: one that two drew, one that one did.
    assert report["overall"]["units"] == 2
    write_agreement(AgreementReport.objects.create(campaign=campaign).pk)
    client.force_login(owner)
    page = client.get(f"/campaigns/{campaign.slug}/agreement/").content.decode()
    assert "On outlines" in page
    assert "that of the outlines themselves" in page


def test_points_are_near_or_not(
    make_campaign: CampaignMaker, clef: Clef, owner: User, client: Client
) -> None:
    f = clef("F")
    campaign = campaign_of(
        make_campaign, "point", {0: [said([[100, 100]], f), said([[101, 100]], f), said([[700, 900]], f)]}
    )
    report = agreement_report(campaign, "en")
    assert report["boxes"]["f1"] == agreement_of(campaign).value == pytest.approx(1 / 3)
    assert report["boxes"]["mean_iou"] is None
    assert report["curve"] == []
    assert report["units"][0]["mean_iou"] is None
    assert report["overall"]["units"] == 2
    write_agreement(AgreementReport.objects.create(campaign=campaign).pk)
    client.force_login(owner)
    assert "On points" in client.get(f"/campaigns/{campaign.slug}/agreement/").content.decode()


drawing = st.tuples(
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(1, 6),
    st.integers(1, 6),
    st.integers(0, 2),
    st.integers(0, 2),
)


@given(st.lists(drawing, min_size=1, max_size=8, unique_by=lambda one: one))
def test_boxes_as_outlines_are_what_they_are_as_boxes(crowd: list[Any]) -> None:
    table = np.array(crowd, dtype=np.float64)
    box = table[:, :4]
    x, y, w, h = box.T
    corners = np.stack(
        [np.column_stack(one) for one in ((x, y), (x + w, y), (x + w, y + h), (x, y + h))], axis=1
    )
    columns: dict[str, Any] = {
        "box": box, "canvas": table[:, 4].astype(int), "person": table[:, 5].astype(int),
        "label": np.array(["a"] * len(box)), "seen_canvas": np.repeat([0, 1, 2], 3), "seen_person": np.tile([0, 1, 2], 3),
        "seen_period": np.array(["2026-01"] * 9),
    }  # fmt: skip
    as_boxes = box_report(Drawn(**columns), seed=1, samples=5)
    as_outlines = box_report(Drawn(**columns, outlines=list(corners)), seed=1, samples=5)
    for name in ("f1", "mean_iou", "canvases", "people"):
        assert as_outlines["boxes"][name] == pytest.approx(as_boxes["boxes"][name])
    assert [row["f1"] for row in as_outlines["curve"]] == pytest.approx(
        [row["f1"] for row in as_boxes["curve"]]
    )
    assert as_outlines["overall"]["answers"] == as_boxes["overall"]["answers"]
