"""A curator at home in a thesaurus of ten thousand concepts, and a volunteer who misses one."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Site, check_accessible

# 100 tops, of 10 each, of 9 each: a little over ten thousand, written as an import writes them.
MAKE = """
from accounts.models import User
from taxonomy.actions import apply_vocabulary
from taxonomy.skos import ConceptValue, LabelValue, VocabularyValue
def concept(name, above, place):
    labels = (LabelValue("pref", "en", f"Motif {name}"), LabelValue("pref", "fr", f"Ornement {name}"))
    return ConceptValue(f"https://example.org/m/{name}", labels=labels, broader=above, position=place)
uri = "https://example.org/m/{}".format
made = []
for a in range(100):
    made.append(concept(f"{a}", (), a))
    for b in range(10):
        made.append(concept(f"{a}.{b}", (uri(a),), b))
        made += [concept(f"{a}.{b}.{c}", (uri(f"{a}.{b}"),), c) for c in range(9)]
value = VocabularyValue(uri="https://example.org/m", title={"en": "Motifs", "fr": "Ornements"}, concepts=tuple(made))
apply_vocabulary(value, slug="motifs", title={}, by=User.objects.get(username="thea"))
print(len(made))
"""


def item(page: Page, name: str):
    return page.get_by_role("treeitem", name=re.compile(f"^{re.escape(name)}(,|$)"))


def find(page: Page, what: str) -> None:
    """Search as one types, and go to what is found first."""
    page.goto("/vocab/motifs/")
    page.get_by_role("searchbox").press_sequentially(what, delay=5)
    page.get_by_test_id("found").get_by_role("link").first.click()


def test_a_curator_keeps_a_large_thesaurus_and_a_volunteer_adds_to_it(site: Site, open_as) -> None:
    site.person("thea", "--curator")
    site.person("vera")
    assert int(site.manage("shell", "-v0", "-c", MAKE).split()[-1]) == 10100

    desk: Page = open_as("thea")
    find(desk, "ornement 7.3.2")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Motif 7.3.2")
    expect(item(desk, "Motif 7.3.2")).to_be_in_viewport()
    check_accessible(desk)

    relabel(desk)
    move_by_key(desk)
    move_by_hand(desk)
    merge_and_take_back(desk)
    propose_and_answer(open_as("vera", PHONE), desk)


def relabel(desk: Page) -> None:
    desk.get_by_role("link", name="Edit", exact=True).click()
    desk.locator("[name='labels-0-pref']").fill("Acanthus")
    desk.locator("[name='labels-1-pref']").fill("Acanthe")
    desk.get_by_role("button", name="Add a language").click()
    added = desk.get_by_test_id("languages").locator("tbody tr").last
    added.locator("input[name$=language]").fill("la")
    added.locator("input[name$=pref]").fill("Acanthus mollis")
    check_accessible(desk)
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Acanthus")
    expect(desk.locator("article dl").first).to_contain_text("Acanthe")
    expect(desk.locator("article dl").first).to_contain_text("Acanthus mollis")


def move_by_key(desk: Page) -> None:
    """Type-ahead to another branch, which opens by key; nothing moves before the curator has said yes."""
    desk.goto("/vocab/motifs/")
    item(desk, "Motif 0").focus()
    desk.keyboard.type("motif 12")
    expect(item(desk, "Motif 12")).to_be_focused()
    desk.keyboard.press("ArrowRight")
    expect(item(desk, "Motif 12.0")).to_be_visible()
    desk.keyboard.press("ArrowRight")
    expect(item(desk, "Motif 12.0")).to_be_focused()
    desk.keyboard.press("Control+x")
    expect(desk.locator("[data-tree-status]")).to_contain_text("Motif 12.0")
    desk.keyboard.press("End")
    expect(item(desk, "Motif 99")).to_be_focused()
    desk.keyboard.press("Control+v")
    expect(desk).to_have_url(re.compile(r"/move/\?target="))
    expect(desk.get_by_test_id("touched")).to_contain_text("9")
    check_accessible(desk)
    desk.get_by_role("button", name="Move it").click()
    expect(desk.locator(".breadcrumbs")).to_contain_text("Motif 99")


def move_by_hand(desk: Page) -> None:
    desk.goto("/vocab/motifs/")
    item(desk, "Motif 3").scroll_into_view_if_needed()
    start, end = item(desk, "Motif 5").bounding_box(), item(desk, "Motif 3").bounding_box()
    assert start
    assert end
    desk.mouse.move(start["x"] + 60, start["y"] + 12)
    desk.mouse.down()
    desk.mouse.move(end["x"] + 60, end["y"] + 14, steps=8)
    desk.mouse.up()
    expect(desk).to_have_url(re.compile(r"/move/\?target="))
    expect(desk.get_by_test_id("target")).to_contain_text("Motif 3")
    desk.get_by_role("button", name="Move it").click()
    expect(desk.locator(".breadcrumbs")).to_contain_text("Motif 3")


def merge_and_take_back(desk: Page) -> None:
    find(desk, "motif 20.1")
    desk.locator(".more-acts summary").click()
    check_accessible(desk)
    desk.get_by_role("link", name="Merge into…").click()
    desk.get_by_role("searchbox").press_sequentially("motif 20.2", delay=5)
    desk.get_by_test_id("targets").get_by_role("link", name="Motif 20.2", exact=True).click()
    expect(desk.get_by_test_id("touched")).to_contain_text("9")
    desk.get_by_role("button", name="Merge them").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Motif 20.2")
    desk.goto("/vocab/motifs/history/")
    first = desk.get_by_test_id("history").locator(":scope > li").first
    expect(first).to_contain_text("Merged “Motif 20.1” into “Motif 20.2”")
    first.locator("summary").click()
    check_accessible(desk)
    first.get_by_role("button", name="Take it back").click()
    expect(desk.get_by_test_id("history").locator(":scope > li").first).to_contain_text("back")
    find(desk, "motif 20.1")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Motif 20.1")


def propose_and_answer(phone: Page, desk: Page) -> None:
    phone.goto("/vocab/motifs/?q=griffin")
    phone.get_by_role("link", name="Propose it").click()
    expect(phone.get_by_label("What should it be called?")).to_have_value("griffin")
    phone.get_by_label("Why is it missed?").fill("On every second margin.")
    check_accessible(phone)
    assert not wider_than_the_screen(phone)
    phone.get_by_role("button", name="Propose it").click()
    expect(phone.get_by_test_id("proposals")).to_contain_text("Waiting")

    desk.goto("/vocab/motifs/")
    expect(desk.get_by_test_id("waiting-count")).to_contain_text("1")
    desk.get_by_role("link", name="Proposals").click()
    check_accessible(desk)
    desk.get_by_role("link", name="Answer").click()
    desk.get_by_label("What the proposer is told").fill("Well seen.")
    desk.get_by_role("button", name="Accept it as a new concept").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("griffin")

    phone.reload()
    expect(phone.get_by_test_id("proposals")).to_contain_text("Well seen.")
    phone.get_by_role("link", name="See the concept").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("griffin")
    check_accessible(phone)
    assert not wider_than_the_screen(phone)


def wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
