"""What a curator does on the pages, step by step, with the files in hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import check_accessible

JOB_MS = 120_000


def _send(page: Page, field: str) -> None:
    """Send the form that holds this field."""
    page.locator(f"main form:has([name={field}])").locator(
        "button[type=submit], button:not([type])"
    ).first.click()


def _wait_for_job(page: Page) -> None:
    """The progress page loads itself anew when the job has finished; then it shows no running job any more."""
    expect(page.locator("[data-job-state=done]").first).to_be_attached(timeout=JOB_MS)


def import_images(page: Page, title: str, files: Sequence[Path]) -> None:
    page.goto("/sources/import/")
    check_accessible(page)
    form = page.locator("main form:has([name=images])")
    form.locator("[name=title]").fill(title)
    form.locator("[name=images]").set_input_files([str(file) for file in files])
    _send(page, "images")
    _wait_for_job(page)
    check_accessible(page)


def import_manifest_file(page: Page, file: Path) -> None:
    page.goto("/sources/import/")
    form = page.locator("main form:has([name=kind][value=file])")
    form.locator("[name=file]").set_input_files(str(file))
    _send(page, "file")
    _wait_for_job(page)


def import_vocabulary(page: Page, file: Path, slug: str, title: str) -> None:
    page.goto("/vocabularies/import/")
    check_accessible(page)
    page.locator("[name=file]").set_input_files(str(file))
    page.locator("[name=title_en]").fill(title)
    page.locator("[name=slug]").fill(slug)
    _send(page, "slug")
    _wait_for_job(page)
    check_accessible(page)
    with page.expect_navigation():
        page.locator("form[action$='/apply/'] .button--primary").click()
    _wait_for_job(page)
    page.goto(f"/vocab/{slug}/")
    check_accessible(page)


def new_campaign(
    page: Page, fields: Mapping[str, str], vocabulary: str, *, kind: str, anonymous: bool = False
) -> None:
    page.goto("/campaigns/new/")
    check_accessible(page)
    page.locator(f"[name=question_kind][value={kind}]").check()
    page.locator("[name=vocabulary]").select_option(label=vocabulary)
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    if anonymous:
        page.locator("[name=allows_anonymous]").check()
    _send(page, "question_kind")
    page.wait_for_url("**/canvases/")


def choose_sources(page: Page, *titles: str) -> None:
    check_accessible(page)
    for title in titles:
        page.get_by_label(title).check()
    _send(page, "manifests")
    page.wait_for_url("**/dashboard/")


def step(page: Page, slug: str, name: str) -> None:
    """Open, pause, close or reopen from the dashboard."""
    page.goto(f"/campaigns/{slug}/dashboard/")
    page.locator(f"button[name=step][value={name}]").first.click()
    page.wait_for_url("**/dashboard/")


def new_token(page: Page) -> str:
    page.goto("/me/tokens/")
    page.locator("[name=name]").fill("journey")
    _send(page, "scopes")
    secret = page.get_by_test_id("secret").inner_text()
    check_accessible(page)
    return secret.strip()
