"""A model finds more like what people drew; a visitor accepts, corrects and rejects what it says."""

import json
import re
import time
import urllib.request

from tests.journeys import curator, hands
from tests.journeys.conftest import PASSWORD, PHONE, Site, check_accessible


def test_predictions_are_made_shown_and_judged(site: Site, open_as) -> None:
    site.manage("demo", "--pages", "4", "--no-samples")
    site.manage("shell", "-c", _SET_PASSWORD)
    desk = open_as("curator")
    desk.goto("/campaigns/clefs/predictions/")
    check_accessible(desk)
    form = desk.locator("main form:has([name=threshold])")
    form.locator("[name=threshold]").fill("0.6")
    form.locator("button[type=submit]").first.click()
    desk.wait_for_url("**/predictions/")
    # One's own run is followed by itself; the engineer's is shown as it was when the page was loaded.
    deadline = time.monotonic() + curator.JOB_MS / 1000
    while desk.locator("[data-job-state=done]").count() < 2:
        assert time.monotonic() < deadline, "the runs did not end"
        desk.wait_for_timeout(1000)
        desk.reload()
    check_accessible(desk)
    newest = desk.locator("select[name=run] option").nth(1).get_attribute("value")
    desk.locator("select[name=run]").select_option(newest)
    desk.locator("main form:has(select[name=run]) button").first.click()
    desk.wait_for_url("**/predictions/")

    visitor = open_as(None, PHONE)
    visitor.goto("/campaigns/clefs/work/")
    hands.wait_for_image(visitor)
    suggestions = visitor.get_by_test_id("suggestion")
    suggestions.first.wait_for()
    check_accessible(visitor)
    said = suggestions.count()
    assert said >= 2, "the model found clefs on this page"
    suggestions.first.get_by_test_id("suggestion-reject").click()
    hands.look_and_take(visitor)
    hands.expect_shapes(visitor, said - 1)
    visitor.get_by_test_id("shape").first.click()
    hands.set_box(visitor, (150, 160, 70, 120))
    hands.submit(visitor)

    with urllib.request.urlopen(f"{site.url}/api/v1/campaigns/clefs/", timeout=30) as answer:
        assert json.load(answer)["shows_predictions"]
    desk.goto("/campaigns/clefs/dashboard/")
    check_accessible(desk)
    origins = site.manage("shell", "-c", _ORIGINS)
    assert re.search(r"edited 1\b", origins), origins
    assert re.search(rf"accepted {said - 2}\b", origins), origins


_SET_PASSWORD = f"""
from accounts.models import User
user = User.objects.get(username="curator"); user.set_password("{PASSWORD}"); user.save()
"""
_ORIGINS = """
from campaigns.figures import origins_of
from campaigns.models import Campaign
for origin, count in origins_of(Campaign.objects.get(slug="clefs")).items(): print(origin, count)
"""
