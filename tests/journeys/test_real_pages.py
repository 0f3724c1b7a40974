"""The loop on real material: pages of the BnF, the Iconclass animals, a real manifest, French and a phone."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys import curator, hands
from tests.journeys.conftest import PHONE, Site, check_accessible
from tests.journeys.test_loop import api, review_everything


def test_real_pages_in_french_on_a_phone(site: Site, open_as, samples: Path) -> None:
    site.person("claire", "--curator")
    site.person("yves")
    pages = sorted((samples / "images-htromance-latin" / "small" / "images").glob("*.jpg"))[:2]
    desk = open_as("claire")
    curator.import_manifest_file(
        desk, samples / "iiif-manifests-real" / "presentation-3" / "wellcome-p3.json"
    )
    check_accessible(desk)
    curator.import_images(desk, "Two pages of the BnF", pages)
    turtle = next((samples / "skos-iconclass").glob("*.ttl"))
    curator.import_vocabulary(desk, turtle, "animals", "Animals of Iconclass")
    texts = {"title_en": "Animals on the page", "title_fr": "Des animaux sur la page", "overlap": "1"}
    texts |= {"prompt_en": "Which animals are shown?", "prompt_fr": "Quels animaux voyez-vous ?"}
    curator.new_campaign(desk, texts, "Animals of Iconclass", kind="tag", anonymous=True)
    curator.choose_sources(desk, "Two pages of the BnF")
    slug = "animals-on-the-page"
    curator.step(desk, slug, "open")

    # A visitor with a phone and no account: in French, by typing without accents, then “nothing here”.
    visitor = open_as(None, PHONE, locale="fr-FR")
    visitor.goto(f"/campaigns/{slug}/")
    expect(visitor.locator("html")).to_have_attribute("lang", "fr")
    check_accessible(visitor)
    visitor.locator(f"main a[href$='/campaigns/{slug}/work/']").first.click()
    hands.wait_for_image(visitor)
    expect(visitor.get_by_test_id("prompt")).to_contain_text("Quels animaux")
    hands.label(visitor, "martin-pecheur", "martin-pêcheur")
    check_accessible(visitor)
    hands.submit(visitor)
    hands.wait_for_image(visitor)
    visitor.get_by_test_id("nothing-here").click()
    hands.submit(visitor)
    expect(visitor.get_by_test_id("notice")).to_be_visible()

    review_everything(desk, slug, 2)
    desk.goto(f"/campaigns/{slug}/releases/")
    desk.locator("main form:has([name=note]) button").first.click()
    desk.wait_for_url("**/releases/*/")
    expect(desk.get_by_role("link", name=f"{slug}-v1.csv")).to_be_visible(timeout=curator.JOB_MS)
    token = curator.new_token(desk)
    release = json.loads(api(site, token, "/api/v1/releases/"))["results"][0]
    assert release["campaign"] == slug
    assert (release["counts"]["tags"], release["counts"]["canvases_with_nothing"]) == (1, 1)
    table = api(site, token, f"/api/v1/releases/{release['id']}/files/{slug}-v1.csv").decode("utf-8-sig")
    assert re.search(r"KINGFISHER", table)
