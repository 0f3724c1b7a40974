"""Find something in a source, look at it, take its link away, and come back by it."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Site, check_accessible
from tests.journeys.test_mirador import read

REGION = re.compile(r"[?&]xywh=[\d.]+,[\d.]+,[\d.]+,[\d.]+")


def test_what_is_found_is_shown_shared_and_opened_again(site: Site, open_as) -> None:
    site.manage("demo", "--pages", "4", "--no-samples")
    found = read(f"{site.url}/api/v1/manifests/")["results"]
    source = next(row["id"] for row in found if "Book of scores" in str(row["label"]))
    for device in (None, PHONE):
        page: Page = open_as(None, device)
        page.goto(f"/sources/{source}/")
        page.get_by_role("searchbox").fill("cle*")
        page.get_by_role("searchbox").press("Enter")
        expect(page.get_by_test_id("findings").locator("li").first).to_contain_text(
            re.compile("clef", re.IGNORECASE)
        )
        check_accessible(page)

        page.get_by_test_id("findings").locator("p a").first.click()
        expect(page.locator(".rw-shape-pick[aria-current=true]")).to_have_count(1)
        expect(page.get_by_test_id("share-what")).to_contain_text("The region")
        annotation = page.locator("#share-annotation a").get_attribute("href")
        assert annotation
        assert read(annotation)["type"] == "Annotation"
        check_accessible(page)

        page.locator("[data-share-view]").click()
        expect(page).to_have_url(REGION)
        expect(page.locator("#share-annotation")).to_have_count(0)
        expect(page.locator("#share-link")).to_contain_text("xywh=")
        state = page.locator("#share-state").inner_text().strip()
        shared = page.locator("#share-link").inner_text().strip()

        page.goto(f"/?iiif-content={state}")
        expect(page).to_have_url(shared)
        expect(page.get_by_test_id("share-what")).to_contain_text("The region")

    page.goto("/open/")
    page.locator("form[data-iiif-drop]").evaluate(
        """(form, state) => {
            const data = new DataTransfer();
            data.setData("text/plain", `https://elsewhere.example/viewer?iiif-content=${state}`);
            form.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        state,
    )
    expect(page).to_have_url(shared)
