"""The pages of what comes out of a campaign: figures, review, predictions, releases."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from campaigns.actions import assign_role
from campaigns.actions.predictors import create_predictor, start_run
from campaigns.actions.sweeping import accept_agreeing
from campaigns.models import Campaign, PredictionRun
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, answer, decide_everything, located, merge, tagged
from tests.frontend.curating import GOOD, answered
from tests.frontend.pages import browser, faults, queries, text, value_of


def figure(response: Any, name: str) -> str | None:
    found = re.search(rf'data-figure="{name}">([^<]*)<', response.content.decode())
    return found[1].strip() if found else None


def test_the_figures_on_boxes_are_those_of_the_api(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User
) -> None:
    answered(campaign, clef)
    accept_agreeing(campaign, at_most=1, by=owner)
    api = desk.get(reverse("api-figures", args=["clefs"])).json()
    page = desk.get(reverse("campaign-dashboard", args=["clefs"]))
    assert figure(page, "value") == f"{api['value']:.2f}"
    assert figure(page, "mean_iou") == f"{api['mean_iou']:.2f}"
    assert f"{api['interval']['low']:.2f} to {api['interval']['high']:.2f}" in text(page)
    assert figure(page, "retired") == str(api["states"]["retired"] + api["states"]["decided"])
    for state in ("open", "retired", "decided"):
        assert page.context["states"][state] == api["states"][state]
    progress = desk.get(reverse("api-campaign-detail", args=["clefs"])).json()["progress"]
    assert figure(page, "contributions") == str(progress["contributions"]) == "12"
    assert figure(page, "ground_truth") == str(page.context["ground_truth"])
    assert "F1" in text(page)


def test_the_figures_on_tags_are_those_of_the_api(
    desk: Client, make_campaign: CampaignMaker, clef: Callable[[str], Concept]
) -> None:
    campaign = make_campaign("hands", pages=4, question_kind="tag")
    g, f = clef("G"), clef("F")
    answer(
        campaign,
        {n: [tagged(g), tagged(g), tagged(f if n == 3 else g)] for n in range(3)} | {3: [tagged(f)] * 0},
    )
    api = desk.get(reverse("api-figures", args=["hands"])).json()
    page = desk.get(reverse("campaign-dashboard", args=["hands"]))
    assert figure(page, "percent") == f"{round(api['percent'] * 100)}%"
    assert api["coefficient"] == "alpha"


def test_a_figure_is_rounded_not_cut(
    desk: Client, make_campaign: CampaignMaker, clef: Callable[[str], Concept]
) -> None:
    """Two of three pairs agree: 67 %, not 66 %."""
    campaign = make_campaign("hands", pages=3, question_kind="tag", overlap=2)
    g, f = clef("G"), clef("F")
    answers = {0: [(g,), (g,)], 1: [(f,), (f,)], 2: [(g,), (f,)]}
    answer(campaign, {n: [tagged(*one) for one in row] for n, row in answers.items()})
    page = desk.get(reverse("campaign-dashboard", args=["hands"]))
    assert figure(page, "percent") == "67%"
    french = desk.get(reverse("campaign-dashboard", args=["hands"]), headers={"Accept-Language": "fr"})
    assert figure(french, "percent") == "67\u202f%"
    assert not re.search(r'\s(x|y|x1|x2|cx|width|height|value)="-?\d+,\d', french.content.decode()), (
        "a comma in SVG"
    )


def test_charts_have_their_numbers_in_tables(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept]
) -> None:
    answered(campaign, clef)
    page = desk.get(reverse("campaign-dashboard", args=["clefs"]))
    html = page.content.decode()
    assert sum(count for _span, count in page.context["disagreement"]) == 4
    assert sum(count for _day, count in page.context["days"]) == 12
    assert {row.label: row.contributions for row in page.context["concepts"]} == {"G clef": 12, "F clef": 4}
    assert {row["part"].name: row["part"].value for row in page.context["origins"]} == {
        "drawn": 16, "copied": 0, "accepted": 0, "edited": 0,
    }  # fmt: skip
    assert [pair["figures"].canvases for pair in page.context["pairs"]] == [4, 4, 4]
    assert len(page.context["participants"]) == page.context["people_count"] == 3
    assert html.count('role="img"') == html.count("<title id=") == 6


def test_undisputed_tasks_are_accepted_together(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept]
) -> None:
    g = clef("G")
    answer(
        campaign, {n: [located([(ONE, g)])] * 0 + [located([(ONE, g)]) for _ in range(3)] for n in range(4)}
    )
    merge(campaign)
    page = desk.get(reverse("campaign-review", args=["clefs"]))
    assert "Accept 4 undisputed images" in text(page)
    after = desk.post(reverse("campaign-accept", args=["clefs"]), follow=True)
    assert "4 tasks were accepted." in text(after)
    assert "undisputed" not in text(after)


def test_the_review_is_told_where_it_is(desk: Client, campaign: Campaign) -> None:
    html = desk.get(
        reverse("campaign-review", args=["clefs"]), headers={"Accept-Language": "fr"}
    ).content.decode()
    element = re.search(r"<rubricator-review[^>]*>", html)
    assert element
    assert 'api="/api/v1/campaigns/clefs/"' in element[0]
    assert 'lang="fr"' in element[0]
    assert 'home-url="/campaigns/clefs/dashboard/"' in element[0]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "match_template", "examples": "0", "threshold": "0.7"}, "examples"),
        ({"kind": "match_template", "examples": "3", "threshold": "7"}, "threshold"),
        ({"kind": "http", "name": "Model", "url": "nowhere"}, "url"),
        ({"kind": "http", "name": "Model", "url": "https://model.example/", "labels": "gClef = Z"}, "labels"),
    ],
)
def test_a_bad_predictor_is_refused_beside_its_field(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], sent: dict[str, str], field: str
) -> None:
    answered(campaign, clef)
    response = desk.post(reverse("campaign-predictions", args=["clefs"]), sent)
    assert response.status_code == 422
    assert list(faults(response)) == [field]
    assert not PredictionRun.objects.exists()


def test_the_run_shown_is_chosen(desk: Client, make_campaign: CampaignMaker, owner: User) -> None:
    campaign, other = make_campaign("clefs"), make_campaign("others")
    runs = []
    for one in (campaign, other):
        settings = {"url": "https://model.example/", "labels": []}
        model = create_predictor(one, kind="http", name="Eye", version="2", configuration=settings, by=owner)
        runs.append(start_run(model, by=owner))
    address = reverse("campaign-shown-run", args=["clefs"])
    desk.post(address, {"run": str(runs[0].pk)})
    campaign.refresh_from_db()
    assert campaign.shown_run == runs[0]
    assert "shown to contributors" in text(desk.get(reverse("campaign-predictions", args=["clefs"])))
    desk.post(address, {"run": str(runs[1].pk)})
    campaign.refresh_from_db()
    assert campaign.shown_run == runs[0], "the run of another campaign is none of this one's"


def test_a_run_can_be_stopped_and_resumed_from_its_page(
    desk: Client, campaign: Campaign, owner: User, manager: User
) -> None:
    settings = {"url": "https://model.example/", "labels": []}
    model = create_predictor(campaign, kind="http", name="Eye", version="", configuration=settings, by=owner)
    run = start_run(model, by=owner)
    address = reverse("campaign-predictions", args=["clefs"])
    assert reverse("job-stop", args=[run.job_id]) in desk.get(address).content.decode()
    desk.post(reverse("job-stop", args=[run.job_id]), {"next": address})
    assert reverse("job-resume", args=[run.job_id]) in desk.get(address).content.decode()
    assign_role(campaign, manager, Role.MANAGER, by=owner)
    html = browser(manager).get(address).content.decode()
    assert "Stopped" in html
    assert reverse("job-resume", args=[run.job_id]) not in html, "only who asked for it"


def test_runs_are_listed_in_as_many_queries(make_campaign: CampaignMaker, desk: Client, owner: User) -> None:
    small, large = make_campaign("small"), make_campaign("large")
    settings = {"url": "https://model.example/", "labels": []}
    for campaign, count in ((small, 1), (large, 7)):
        for _number in range(count):
            model = create_predictor(
                campaign, kind="http", name="M", version="", configuration=settings, by=owner
            )
            start_run(model, by=owner)
    few, many = (queries(desk, reverse("campaign-predictions", args=[slug])) for slug in ("small", "large"))
    assert few == many


def test_a_release_is_made_from_what_is_decided(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User
) -> None:
    address = reverse("campaign-releases", args=["clefs"])
    early = desk.post(address, {"note": "Too soon", "rights": GOOD["rights"], "is_public": "on"})
    assert early.status_code == 422
    assert value_of(early, "note") == "Too soon"
    assert "Nothing has been decided yet" in text(early)
    answered(campaign, clef)
    decide_everything(campaign, owner)
    made = desk.post(address, {"note": "First", "rights": GOOD["rights"]})
    release = campaign.releases.get()
    assert made["Location"] == reverse("release", args=[release.pk])
    assert (release.number, release.note, release.is_public) == (1, "First", False)
    assert "Release 1" in text(desk.get(address))
