"""Half a grid is judged, and the page is gone: what was said is found again, in this browser or in another one.

Six rounds of faults by default; `RUBRICATOR_FAULT_ROUNDS=50` makes as many as it says, `RUBRICATOR_FAULT_SEED` draws others.
"""

import json
import os
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from tests.journeys.conftest import PASSWORD, PHONE, Site, check_accessible
from tests.journeys.test_judging import put_to_people, standings, wait_for_grid

ROUNDS = min(int(os.environ.get("RUBRICATOR_FAULT_ROUNDS", "6")), 50)
SEED = int(os.environ.get("RUBRICATOR_FAULT_SEED", "2"))
WORK = "/campaigns/right/work/"
SENDING = "**/contributions/batch/"
DRAFTS = "**/assignments/drafts/"
SITTING = "document.querySelector('rubricator-grid').sitting"
VERDICTS = {"accepted": "a", "rejected": "r", "passed": "s"}


def judge(page: Page, index: int, verdict: str) -> None:
    page.get_by_test_id("crop").nth(index).focus()
    page.keyboard.press(VERDICTS[verdict])


def show_at_once(site: Site, count: int) -> None:
    ask = "from campaigns.models import Campaign; c = Campaign.objects.get(slug='right'); "
    site.manage("shell", "-v0", "-c", f"{ask}c.question['grid'] = {count}; c.save()")


def saved(page: Page) -> None:
    expect(page.get_by_test_id("status")).to_contain_text("Draft saved")


def test_half_a_grid_is_found_in_another_browser(site: Site, open_as) -> None:
    put_to_people(site)
    show_at_once(site, 20)
    site.person("judith")
    page = open_as("judith")
    page.goto(WORK)
    assert wait_for_grid(page) == 20
    said = ["accepted", "rejected", "passed", "accepted", "accepted", "rejected", "accepted"]
    for index, verdict in enumerate(said):
        judge(page, index, verdict)
    saved(page)
    with suppress(Error):
        page.goto("chrome://crash", timeout=5_000)

    # On the phone of the same person: the same grid, and what was said of it.
    phone = open_as("judith", PHONE)
    phone.goto(WORK)
    assert wait_for_grid(phone) == 20
    phone.wait_for_function(f"() => {SITTING}.open.length === 13")
    assert standings(phone) == said + ["open"] * 13
    expect(phone.get_by_test_id("other-draft")).to_have_count(0)
    check_accessible(phone)

    # The laptop comes back, having heard of nothing, and says otherwise of one: one is asked, nothing is overwritten.
    back = page.context.new_page()
    page.close()
    back.goto(WORK)
    wait_for_grid(back)
    assert standings(back) == said + ["open"] * 13
    phone.get_by_test_id("crop").nth(8).tap()
    saved(phone)
    judge(back, 8, "accepted")
    expect(back.get_by_test_id("other-draft")).to_contain_text("one of these")
    check_accessible(back)
    back.get_by_test_id("draft-take").click()
    assert standings(back)[8] == "rejected"
    back.get_by_test_id("draft-leave").click()
    expect(back.get_by_test_id("other-draft")).to_have_count(0)

    with back.expect_response(SENDING) as sent:
        back.get_by_test_id("others-right").click()
        back.get_by_test_id("hand-in").click()
    assert [one["status"] for one in sent.value.json()["results"]] == [201] * 19
    back.faults = [fault for fault in getattr(back, "faults", []) if "409" not in fault]


class Sitting:
    """One person's browser at small grids, whatever becomes of its pages."""

    def __init__(self, page: Page, chance: random.Random) -> None:
        self.page, self.chance = page, chance
        self.context: BrowserContext = page.context
        self.said: dict[str, str] = {}

    def begin(self) -> None:
        for _try in range(6):
            self.page.locator(
                ".rw-grid[data-phase=working], .rw-grid[data-phase=trouble], .rw-grid[data-phase=all-leased]"
            ).first.wait_for(timeout=20_000)
            if self.page.locator(".rw-grid[data-phase=working]").count():
                return
            with suppress(Error):
                self.page.get_by_test_id("notice").locator("button").first.click(timeout=1_000)

    def judge(self) -> dict[str, str]:
        """Something of all but one; by task."""
        for index in range(self.page.get_by_test_id("crop").count() - 1):
            judge(self.page, index, self.chance.choice(("accepted", "rejected")))
        return self.shown()

    def shown(self) -> dict[str, str]:
        found: dict[str, str] = self.page.evaluate(
            f"() => Object.fromEntries({SITTING}.state.cells.map(({{ id, task }}) => [task.id, {SITTING}.standing(id)]))"
        )
        return found

    def is_shown(self, before: dict[str, str]) -> None:
        self.begin()
        self.page.wait_for_function(
            f"before => {SITTING}.state.cells.every(({{ id, task }}) => {SITTING}.standing(id) === before[task.id])",
            arg=before,
        )
        assert self.shown() == before

    def kept(self) -> None:
        self.page.wait_for_function(f"() => {SITTING}.state.keeping === 'kept'")

    def hand_in(self) -> None:
        if self.page.get_by_test_id("others-right").count():
            self.page.get_by_test_id("others-right").click()
        shown = self.shown()
        assert set(shown.values()) <= {"accepted", "rejected"}, shown
        assert not shown.keys() & self.said.keys(), "a task was given twice"
        self.said |= shown
        first = next(iter(shown))
        self.page.get_by_test_id("hand-in").click()
        self.page.wait_for_function(
            f"first => {SITTING} && {SITTING}.state.cells[0]?.task.id !== first", arg=first
        )

    def all_sent(self) -> None:
        self.page.wait_for_function(f"() => {SITTING}.state.outbox.parcels.length === 0", timeout=60_000)

    def open_anew(self) -> None:
        dead = self.page
        self.page = self.context.new_page()
        self.page.goto(WORK)
        self.begin()
        dead.close()


def reloaded(sitting: Sitting) -> None:
    before = sitting.judge()
    sitting.kept()
    sitting.page.reload()
    sitting.is_shown(before)
    sitting.hand_in()


def crashed(sitting: Sitting) -> None:
    before = sitting.judge()
    sitting.kept()
    with suppress(Error):
        sitting.page.goto("chrome://crash", timeout=5_000)
    sitting.open_anew()
    sitting.is_shown(before)
    sitting.hand_in()


def crashed_at_once(sitting: Sitting) -> None:
    sitting.judge()
    sitting.hand_in()
    with suppress(Error):
        sitting.page.goto("chrome://crash", timeout=5_000)
    sitting.open_anew()


def offline(sitting: Sitting) -> None:
    sitting.context.set_offline(offline=True)
    sitting.judge()
    sitting.kept()
    sitting.hand_in()
    sitting.context.set_offline(offline=False)
    sitting.page.evaluate("dispatchEvent(new Event('online'))")


def signed_out(sitting: Sitting) -> None:
    before = sitting.judge()
    sitting.kept()
    sitting.context.clear_cookies(name="sessionid")
    sitting.hand_in()
    tab = sitting.context.new_page()
    tab.goto("/accounts/login/")
    tab.locator("input[name=login]").fill("justus")
    tab.locator("input[name=password]").fill(PASSWORD)
    tab.locator("main form [type=submit]").first.click()
    tab.wait_for_url(lambda url: "/login" not in url)
    tab.close()
    sitting.page.bring_to_front()
    assert before.keys() <= sitting.said.keys()
    sitting.page.evaluate("dispatchEvent(new Event('online'))")
    sitting.all_sent()
    # What came in while nobody was signed in was given to a visitor, who may be shown what Justus has done.
    sitting.page.reload()


def _meddled(act: Callable[[Route], None], where: str = SENDING) -> Callable[[Sitting], None]:
    def fault(sitting: Sitting) -> None:
        sitting.page.route(where, act, times=1)
        sitting.judge()
        sitting.hand_in()

    return fault


def _lost_after_commit(route: Route) -> None:
    route.fetch()
    route.abort("connectionreset")


def _answered(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body="<h1>no</h1>", headers={"Retry-After": "1"})


def drafts_refused(sitting: Sitting) -> None:
    for status in (401, 403, 404, 409, 412, 413, 422, 429, 500, 503):
        sitting.page.route(DRAFTS, _answered(status), times=1)
    sitting.judge()
    sitting.page.wait_for_timeout(1_000)
    sitting.hand_in()
    sitting.page.unroute(DRAFTS)


FAULTS: dict[str, Callable[[Sitting], None]] = {
    "crash while judging": crashed,
    "offline": offline,
    "reload while judging": reloaded,
    "crash after handing in": crashed_at_once,
    "session lost": signed_out,
    "connection cut": _meddled(lambda route: route.abort("connectionreset")),
    "response lost after commit": _meddled(_lost_after_commit),
    "500": _meddled(_answered(500)),
    "503": _meddled(_answered(503)),
    "drafts lost after commit": _meddled(_lost_after_commit, DRAFTS),
    "drafts refused": drafts_refused,
}


def test_every_judgement_arrives_once_as_it_was_said(site: Site, open_as) -> None:
    put_to_people(site)
    show_at_once(site, 2)
    site.person("justus")
    chance = random.Random(SEED)
    names = [
        name for _ in range(ROUNDS // len(FAULTS) + 1) for name in chance.sample(list(FAULTS), len(FAULTS))
    ]
    first = open_as("justus")
    sitting = Sitting(first, chance)
    sitting.page.goto(WORK)
    for number, name in enumerate(names[:ROUNDS]):
        try:
            sitting.begin()
            FAULTS[name](sitting)
        except (Error, AssertionError) as error:
            pytest.fail(f"round {number}, {name}: {error}")
    sitting.begin()
    sitting.all_sent()
    assert _held(site) == sitting.said
    assert len(sitting.said) >= ROUNDS
    first.faults[:] = []  # the browser speaks of every fault that was made


def _held(site: Site) -> dict[str, str]:
    """What the server has of each task, which has one answer of each person at most."""
    held: dict[str, Any] = json.loads(site.manage("shell", "-v0", "-c", _HELD).strip().splitlines()[-1])
    return held


_HELD = """
import json
from campaigns.models import Contribution
rows = Contribution.objects.filter(task__campaign__slug="right", participant__user__username="justus")
print(json.dumps({str(row.task_id): "rejected" if row.nothing_here else row.shapes.get().origin for row in rows}))
"""
