"""The page on which a curator looks on: what it shows, what a change sends, and what it costs when nothing happens."""

import re
from collections.abc import Callable
from datetime import timedelta
from math import inf
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from campaigns.actions import claim, join_campaign, submit
from campaigns.models import Assignment, Campaign, Participant
from campaigns.statistics import TABLES, sparing
from campaigns.statistics.pulse import pulse_of
from campaigns.statistics.reading import Part
from frontend.watching import ORDER
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, TWO, answer, located, merge

PAGE = "/campaigns/clefs/watch/"
Clef = Callable[[str], Concept]


@pytest.fixture
def answered(campaign: Campaign, clef: Clef) -> Campaign:
    f, g = clef("F"), clef("G")
    answer(campaign, {0: [located([(ONE, f), (TWO, g)]), located([(ONE, f)]), nothing_here()]})
    merge(campaign)
    return campaign


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that is busy every table may be dear, and is shown again; here each is of its moment."""
    monkeypatch.setattr(sparing, "DEAR_S", inf)
    monkeypatch.setattr(sparing, "_kept", {})


def pulse_address(html: str) -> str:
    found = re.search(r'id="pulse"[^>]*hx-get="([^"]+)"', html)
    assert found
    return found[1].replace("&amp;", "&")


def blocks(html: str) -> list[str]:
    return re.findall(r'<section class="section" id="watch-([a-z-]+)"', html)


def figure(html: str, name: str) -> str:
    return re.search(rf'data-figure="{name}">([^<]*)<', html)[1]  # type: ignore[index]


def test_every_table_is_there_with_its_file(desk: Client, answered: Campaign) -> None:
    assert sorted(ORDER) == sorted(TABLES)
    html = desk.get(PAGE).content.decode()
    assert blocks(html) == list(ORDER)
    for name in re.findall(r'href="(/campaigns/clefs/watch/[a-z-]+\.csv)"', html):
        file = desk.get(name)
        assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert b"".join(file.streaming_content).count(b"\r\n") > 1
    assert 'aria-current="page">Live' in html
    for pseudonym in Participant.objects.values_list("pseudonym", flat=True):
        assert pseudonym in html


def test_a_campaign_without_anything(desk: Client, make_campaign: CampaignMaker) -> None:
    make_campaign(pages=0, open_it=False)
    html = desk.get(PAGE).content.decode()
    assert html.count("Nothing yet.") == len(ORDER)
    assert figure(html, "done") == "–"
    french = desk.get(PAGE, headers={"Accept-Language": "fr"}).content.decode()
    assert french.count("Rien encore.") == len(ORDER)


def test_bars_without_height_are_not_drawn(desk: Client, campaign: Campaign) -> None:
    claim(campaign, join_campaign(campaign, visitor=uuid4().hex))
    hours = desk.get(PAGE).content.decode().split('id="watch-hours"')[1].split("</section>")[0]
    assert "Nothing yet." in hours
    assert "<figure" not in hours


def test_the_figures_of_this_moment(campaign: Campaign) -> None:
    ann, bob = (join_campaign(campaign, visitor=uuid4().hex) for _person in range(2))
    for person in (ann, bob):
        given = claim(campaign, person).assignment
        assert given is not None
        submit(given, nothing_here())
        claim(campaign, person)
    given = claim(campaign, ann, resume=False).assignment
    assert given is not None
    pulse = pulse_of(campaign)
    assert (pulse.live, pulse.people, pulse.last_hour, pulse.open) == (3, 2, 2, 4)
    Assignment.objects.filter(pk=given.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert pulse_of(campaign).live == 2
    assert pulse_of(campaign).version != pulse.version


def test_nothing_is_sent_while_nothing_changes(desk: Client, answered: Campaign) -> None:
    html = desk.get(PAGE).content.decode()
    address = pulse_address(html)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = desk.get(address)
    assert (response.status_code, response.content) == (204, b"")
    # Who asks (session and person), the campaign and its pulse take one each.
    assert len(queries) == 3


def test_only_what_has_changed_is_sent(desk: Client, answered: Campaign) -> None:
    Assignment.objects.filter(state="live").update(expires_at=timezone.now())
    html = desk.get(PAGE).content.decode()
    claim(answered, join_campaign(answered, visitor=uuid4().hex))
    response = desk.get(pulse_address(html))
    sent = response.content.decode()
    assert response.status_code == 200
    assert set(blocks(sent)) == {"map", "leases", "hours", "throughput", "people", "drop-out"}
    assert int(figure(sent, "live")) == int(figure(html, "live")) + 1
    assert desk.get(pulse_address(sent)).status_code == 204
    ids = re.search(r'hx-select-oob="([^"]+)"', sent)
    assert ids
    assert ids[1].split(",") == [f"#watch-{name}" for name in ORDER]


def test_statements_do_not_grow(desk: Client, make_campaign: CampaignMaker, clef: Clef) -> None:
    counts = set()
    for slug, pages, people in (("few", 2, 2), ("many", 6, 4)):
        campaign = make_campaign(slug, pages=pages, overlap=people)
        answer(
            campaign,
            {at: [nothing_here() for _p in range(people)] for at in range(pages)},
        )
        merge(campaign)
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"/campaigns/{slug}/watch/")
        counts.add(len(queries))
    assert len(counts) == 1
    assert counts.pop() <= 36


def test_what_is_dear_is_shown_again_for_a_while(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, asked = [1000.0], []

    def slowly(table: object, *_more: object, **_limit: object) -> Part:
        asked.append(table)
        clock[0] += cost
        return Part([], len(asked))

    monkeypatch.setattr(sparing, "DEAR_S", 0.2)
    monkeypatch.setattr(sparing, "read_part", slowly)
    monkeypatch.setattr(sparing.time, "monotonic", lambda: clock[0])

    def read() -> int | None:
        return sparing.read_sparingly(TABLES["people"], campaign, "en", limit=5).total

    cost = 0.1
    assert (read(), read()) == (1, 2)
    cost = 2.0
    assert read() == 3
    clock[0] += 39
    assert read() == 3
    clock[0] += 2
    assert read() == 4


def test_who_may_not_review_does_not_look_on(answered: Campaign, contributor: User, client: Client) -> None:
    client.force_login(contributor)
    for address in (PAGE, f"{PAGE}pulse/", f"{PAGE}people.csv"):
        assert client.get(address).status_code == 403
