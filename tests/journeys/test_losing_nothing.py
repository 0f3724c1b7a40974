"""Fault after fault while somebody draws, hands in, and changes what was handed in: afterwards every answer is there,
once, as it was drawn.

Twelve rounds by default; `RUBRICATOR_FAULT_ROUNDS=50` runs as many as it says, `RUBRICATOR_FAULT_SEED` draws others.
"""

import json
import os
import random
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from tests.journeys import blanks, hands
from tests.journeys.conftest import PASSWORD, Site

ROUNDS = int(os.environ.get("RUBRICATOR_FAULT_ROUNDS", "12"))
SEED = int(os.environ.get("RUBRICATOR_FAULT_SEED", "6"))
SLUG = "losing-nothing"
WORK = f"/campaigns/{SLUG}/work/"
SENDING = f"**/campaigns/{SLUG}/contributions/"
DRAFTS = "**/assignments/*/draft/"
CHANGING = re.compile(r"/contributions/[0-9a-f-]{36}/$")
CHANGES = "**/contributions/*/draft/"

# What is shown now, as it will be handed in.
SHOWN = """() => {
  const { assignment, history } = document.querySelector("rubricator-workbench").session;
  const { shapes, nothingHere, comment } = history.present;
  return JSON.stringify({
    assignment: assignment.id, task: assignment.task.id, nothing_here: nothingHere, comment,
    shapes: shapes.map(({ id, box, concepts }) => ({ id, box, concepts: concepts.map(({ id }) => id) })),
  });
}"""


WIPE = """async () => {
  const all = await indexedDB.databases();
  await Promise.all(all.map(({ name }) => new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = done;
    request.onerror = request.onblocked = failed;
  })));
}"""


class Sitting:
    """One volunteer's browser, whatever becomes of its pages."""

    def __init__(self, page: Page, chance: random.Random) -> None:
        self.page, self.chance = page, chance
        self.context: BrowserContext = page.context
        self.said: dict[str, dict[str, Any]] = {}
        self.changed: set[str] = set()

    def begin(self) -> None:
        """At a task, its picture in view; what stands in the way is cleared as a person would."""
        for _try in range(6):
            state = self.page.locator(
                ".rw-workbench[data-phase=working], .rw-workbench[data-phase=trouble], .rw-workbench[data-phase=all-leased]"
            )
            state.first.wait_for(timeout=20_000)
            if self.page.locator(".rw-workbench[data-phase=working]").count():
                break
            with suppress(Error):
                self.page.get_by_test_id("notice").locator("button").first.click(timeout=1_000)
        hands.wait_for_image(self.page)

    def draw(self) -> None:
        for _ in range(self.chance.randint(1, 3)):
            x, y = self.chance.randint(20, 400), self.chance.randint(20, 600)
            hands.draw_by_mouse(self.page, (x, y, self.chance.randint(60, 150), self.chance.randint(60, 150)))
            self.page.keyboard.press(str(self.chance.randint(1, 6)))

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.page.evaluate(SHOWN))
        return found

    def hand_in(self) -> None:
        shown = self.shown()
        assert shown["shapes"], "there is nothing to hand in"
        assert shown["task"] not in self.said, "a task was given twice"
        self.said[shown["task"]] = shown
        self.page.get_by_test_id("submit").click()
        self.page.wait_for_function(
            "before => document.querySelector('rubricator-workbench')?.session?.assignment?.id !== before",
            arg=shown["assignment"],
        )

    def take_up(self) -> None:
        """Back to what was handed in last."""
        before = self.shown()["task"]
        self.page.keyboard.press("b")
        self.page.get_by_test_id("again").wait_for()
        hands.wait_for_image(self.page)
        assert self.shown()["task"] != before

    def hand_in_change(self) -> None:
        shown = self.shown()
        assert shown != self.said[shown["task"]], "nothing was changed"
        self.said[shown["task"]] = shown
        self.changed.add(shown["task"])
        self.page.get_by_test_id("submit").click()
        self.page.wait_for_function("() => !document.querySelector('rubricator-workbench')?.session?.revisit")

    def saved(self) -> None:
        """What was drawn stands on the server: from here on another browser has it."""
        self.page.wait_for_function(
            "() => document.querySelector('rubricator-workbench').session.there === 'saved'"
        )

    def all_sent(self) -> None:
        self.page.wait_for_function(
            "() => document.querySelector('rubricator-workbench').session.outbox.parcels.length === 0",
            timeout=60_000,
        )

    def wiped(self) -> None:
        """The browser forgets everything but who one is, as if it were another one."""
        self.all_sent()
        self.page.goto("/")
        self.page.evaluate(WIPE)
        self.back_to_work()

    def kept(self) -> None:
        """What was drawn stands on the shelf: from here on nothing may lose it."""
        self.page.wait_for_function(
            "() => document.querySelector('rubricator-workbench').session.keeping === 'kept'"
        )

    def back_to_work(self) -> None:
        self.page.goto(WORK)
        self.begin()

    def crash(self) -> None:
        """The renderer dies under the hand; another page opens as a person would open it."""
        dead = self.page
        with suppress(Error):
            dead.goto("chrome://crash", timeout=5_000)
        self.page = self.context.new_page()
        self.back_to_work()
        dead.close()

    def sign_in_elsewhere(self) -> None:
        tab = self.context.new_page()
        tab.goto("/accounts/login/")
        tab.locator("input[name=login]").fill("felix")
        tab.locator("input[name=password]").fill(PASSWORD)
        tab.locator("main form [type=submit]").first.click()
        tab.wait_for_url(lambda url: "/login" not in url)
        tab.close()
        self.page.bring_to_front()


def calm(sitting: Sitting) -> None:
    sitting.draw()
    sitting.hand_in()


def offline(sitting: Sitting) -> None:
    sitting.draw()
    sitting.context.set_offline(offline=True)
    sitting.draw()
    sitting.kept()
    sitting.hand_in()
    sitting.context.set_offline(offline=False)


def reloaded(sitting: Sitting) -> None:
    sitting.draw()
    sitting.kept()
    before = sitting.shown()
    sitting.page.reload()
    sitting.begin()
    assert sitting.shown() == before
    sitting.hand_in()


def reloaded_at_once(sitting: Sitting) -> None:
    """Between handing in and hearing that it has arrived."""
    sitting.draw()
    sitting.hand_in()
    sitting.page.reload()


def crashed(sitting: Sitting) -> None:
    sitting.draw()
    sitting.kept()
    before = sitting.shown()
    sitting.crash()
    assert sitting.shown() == before
    sitting.hand_in()


def crashed_at_once(sitting: Sitting) -> None:
    sitting.draw()
    sitting.hand_in()
    sitting.crash()


def signed_out(sitting: Sitting) -> None:
    sitting.draw()
    sitting.kept()
    sitting.context.clear_cookies(name="sessionid")
    sitting.hand_in()
    expect(sitting.page.locator("body")).to_contain_text("sign in", ignore_case=True)
    sitting.sign_in_elsewhere()
    sitting.page.evaluate("dispatchEvent(new Event('online'))")


def _meddled(
    act: Callable[[Route], None], *, where: str = SENDING, times: int = 1
) -> Callable[[Sitting], None]:
    def fault(sitting: Sitting) -> None:
        sitting.page.route(where, act, times=times)
        sitting.draw()
        sitting.hand_in()

    return fault


def _lost_after_commit(route: Route) -> None:
    route.fetch()
    route.abort("connectionreset")


def _answered(status: int, **headers: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body="<h1>no</h1>", headers=headers)


def overtaken_drafts(sitting: Sitting) -> None:
    """The server will not have the draft, with every reason it could have."""
    for status in (401, 403, 404, 412, 413, 429, 503):
        sitting.page.route(DRAFTS, _answered(status), times=1)
    sitting.draw()
    sitting.page.wait_for_timeout(1_000)
    sitting.draw()
    sitting.hand_in()
    sitting.page.unroute(DRAFTS)


def in_another_browser(sitting: Sitting) -> None:
    sitting.draw()
    sitting.saved()
    before = sitting.shown()
    sitting.wiped()
    assert sitting.shown() == before
    sitting.hand_in()


def _changed(fault: Callable[[Sitting], None]) -> Callable[[Sitting], None]:
    """The same while an answer is changed that was handed in."""

    def change(sitting: Sitting) -> None:
        sitting.draw()
        sitting.hand_in()
        sitting.begin()
        sitting.take_up()
        fault(sitting)
        sitting.hand_in_change()

    return change


def _change_offline(sitting: Sitting) -> None:
    sitting.context.set_offline(offline=True)
    sitting.draw()
    sitting.kept()
    sitting.context.set_offline(offline=False)


def _change_reloaded(sitting: Sitting) -> None:
    sitting.draw()
    sitting.kept()
    before = sitting.shown()
    sitting.page.reload()
    sitting.begin()
    assert sitting.shown() == before


def _change_crashed(sitting: Sitting) -> None:
    sitting.draw()
    sitting.kept()
    before = sitting.shown()
    sitting.crash()
    assert sitting.shown() == before


def _change_elsewhere(sitting: Sitting) -> None:
    sitting.draw()
    sitting.saved()
    before = sitting.shown()
    sitting.wiped()
    sitting.take_up()
    sitting.page.wait_for_function(
        f"shown => ({SHOWN})() === shown", arg=json.dumps(before, separators=(",", ":"))
    )


def _change_signed_out(sitting: Sitting) -> None:
    sitting.context.clear_cookies(name="sessionid")
    sitting.draw()
    sitting.kept()
    sitting.sign_in_elsewhere()
    sitting.page.evaluate("dispatchEvent(new Event('online'))")
    sitting.saved()


def _change_meddled(act: Callable[[Route], None]) -> Callable[[Sitting], None]:
    def fault(sitting: Sitting) -> None:
        sitting.all_sent()
        sitting.page.route(
            CHANGING,
            lambda route: act(route) if route.request.method == "PUT" else route.continue_(),
            times=1,
        )
        sitting.draw()

    return fault


def _change_drafts_refused(sitting: Sitting) -> None:
    for status in (401, 403, 404, 409, 412, 413, 422, 429, 500, 503):
        sitting.page.route(CHANGES, _answered(status), times=1)
    sitting.draw()
    sitting.page.wait_for_timeout(1_000)
    sitting.draw()
    sitting.page.unroute(CHANGES)


FAULTS: dict[str, Callable[[Sitting], None]] = {
    "calm": calm,
    "offline": offline,
    "reload while drawing": reloaded,
    "reload after handing in": reloaded_at_once,
    "crash while drawing": crashed,
    "crash after handing in": crashed_at_once,
    "session lost": signed_out,
    "connection cut": _meddled(lambda route: route.abort("connectionreset")),
    "cut twice": _meddled(lambda route: route.abort("timedout"), times=2),
    "response lost after commit": _meddled(_lost_after_commit),
    "lost twice": _meddled(_lost_after_commit, times=2),
    "503": _meddled(_answered(503, **{"Retry-After": "1"})),
    "429": _meddled(_answered(429, **{"Retry-After": "1"})),
    "500": _meddled(_answered(500)),
    "502 of a proxy": _meddled(_answered(502)),
    "408": _meddled(_answered(408)),
    "a page instead of an answer": _meddled(_answered(200)),
    "drafts refused": overtaken_drafts,
    "in another browser": in_another_browser,
    "change, offline": _changed(_change_offline),
    "change, reload": _changed(_change_reloaded),
    "change, crash": _changed(_change_crashed),
    "change, in another browser": _changed(_change_elsewhere),
    "change, session lost": _changed(_change_signed_out),
    "change, response lost after commit": _changed(_change_meddled(_lost_after_commit)),
    "change, 500": _changed(_change_meddled(_answered(500))),
    "change, drafts refused": _changed(_change_drafts_refused),
}


def test_every_answer_arrives_once_as_it_was_drawn(site: Site, open_as, tmp_path: Path) -> None:
    site.person("colette", "--curator")
    site.person("felix")
    desk = open_as("colette")
    blanks.make_campaign(desk, SLUG, blanks.pictures(tmp_path, ROUNDS + 12))
    chance = random.Random(SEED)
    names = [
        name for _ in range(ROUNDS // len(FAULTS) + 1) for name in chance.sample(list(FAULTS), len(FAULTS))
    ]
    first = open_as("felix")
    sitting = Sitting(first, chance)
    sitting.back_to_work()
    for number, name in enumerate(names[:ROUNDS]):
        try:
            sitting.begin()
            FAULTS[name](sitting)
        except (Error, AssertionError) as error:
            pytest.fail(f"round {number}, {name}: {error}")
    # Everything goes out by itself.
    sitting.begin()
    sitting.all_sent()
    held = _held(sitting.page)
    assert len(held) == len({row["assignment"] for row in held}) == ROUNDS
    told = {row["task"]: {name: row[name] for name in row if name != "revision"} for row in held}
    assert told == sitting.said
    revisions = {row["assignment"]: row["revision"] for row in held}
    assert revisions == {row["assignment"]: 1 + (row["task"] in sitting.changed) for row in held}
    first.faults[:] = []  # the browser speaks of every fault that was made


def _mine(page: Page) -> list[dict[str, Any]]:
    rows, address = [], f"/api/v1/campaigns/{SLUG}/contributions/mine/?limit=100"
    while address:
        body = page.request.get(address).json()
        rows += body["results"]
        address = body.get("next")
    return rows


def _held(page: Page) -> list[dict[str, Any]]:
    """What the server has, in the words in which it was drawn."""
    found = []
    for row in _mine(page):
        whole = page.request.get(f"/api/v1/contributions/{row['id']}/").json()
        answer = whole["answer"]
        shapes = [
            {
                "id": shape["id"],
                "box": shape["box"],
                "concepts": [concept["id"] for concept in shape["concepts"]],
            }
            for shape in answer["shapes"]
        ]
        lease = whole["assignment"]
        found.append(
            {
                "assignment": lease["id"], "task": lease["task"]["id"], "revision": whole["revision"],
                "shapes": shapes,
                "nothing_here": answer["nothing_here"], "comment": answer["comment"],
            }
        )  # fmt: skip
    return found
