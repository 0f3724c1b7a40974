"""How the image is shown: another choice, light, turned and mirrored; what is drawn there is stored where it was seen."""

import json
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.journeys import curator, hands
from tests.journeys.conftest import PHONE, Site, check_accessible

WIDTH, HEIGHT = 1200, 900
BOX = (200, 300, 320, 180)
KEY_STEPS = 3
DATA = Path(__file__).parents[2] / "campaigns" / "demo" / "data"
SLUG = "marks-in-many-lights"

STORED = """
import json
from annotation.models import Annotation
rows = Annotation.objects.filter(canvas__manifest__uri={uri!r}, layer__kind="contributions").order_by("created_at")
print(json.dumps([row.box for row in rows]))
"""


def lights(folder: Path, url: str, uri: str) -> dict[str, object]:
    """Two canvases twice as large as their images, each in natural light and in X-rays, a unit of them 0.1 mm."""
    for name, paper, ink in (("natural", "#f4ecd8", "#3a2a1a"), ("xray", "#20242a", "#dfe6ee")):
        picture = Image.new("RGB", (WIDTH // 2, HEIGHT // 2), paper)
        pen = ImageDraw.Draw(picture)
        for line in range(8):
            pen.line([(40, 40 + 50 * line), (560, 40 + 50 * line)], fill=ink, width=2)
        pen.rectangle([value // 2 for value in (BOX[0], BOX[1], BOX[0] + BOX[2], BOX[1] + BOX[3])], fill=ink)
        picture.save(folder / f"{name}.png")

    def option(name: str, label: str) -> dict[str, object]:
        size = {"width": WIDTH // 2, "height": HEIGHT // 2}
        return {
            "id": f"{url}/{name}.png",
            "type": "Image",
            "format": "image/png",
            "label": {"en": [label]},
            **size,
        }

    def canvas(number: int) -> dict[str, object]:
        name = f"{uri}/canvas/{number}"
        body = {"type": "Choice", "items": [option("natural", "Natural light"), option("xray", "X-ray")]}
        painting = {
            "id": f"{name}/p",
            "type": "Annotation",
            "motivation": "painting",
            "body": body,
            "target": name,
        }
        page = {"id": f"{name}/page", "type": "AnnotationPage", "items": [painting]}
        return {
            "id": name,
            "type": "Canvas",
            "label": {"en": [f"Leaf {number}"]},
            "width": WIDTH,
            "height": HEIGHT,
            "items": [page],
        }

    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": uri,
        "type": "Manifest",
        "label": {"en": ["Leaves in two lights"]},
        "service": [
            {
                "@context": "http://iiif.io/api/annex/services/physdim/1/context.json",
                "@id": f"{uri}/dims",
                "@type": "Service",
                "profile": "http://iiif.io/api/annex/services/physdim",
                "physicalScale": 0.1,
                "physicalUnits": "mm",
            }
        ],
        "items": [canvas(1), canvas(2)],
    }


def view_of(page: Page) -> dict[str, list[float]]:
    view: dict[str, list[float]] = page.evaluate("() => document.querySelector('rubricator-stage').view()")
    return view


def on_canvas(view: dict[str, list[float]], dx: float, dy: float) -> tuple[float, float]:
    """A way on the screen as a way on the canvas."""
    (a, c), (b, d) = view["right"], view["down"]
    determinant = a * d - b * c
    return (dx * d - dy * b) / determinant, (dy * a - dx * c) / determinant


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def filter_of(page: Page) -> str:
    return str(page.locator(".rw-picture").first.evaluate("one => getComputedStyle(one).filter"))


def box_fields(page: Page) -> list[float]:
    if not page.get_by_test_id("box-x").is_visible():
        page.locator(".rw-position > summary").click()
    return [float(page.get_by_test_id(f"box-{name}").input_value()) for name in "xywh"]


def test_a_box_drawn_on_a_turned_and_mirrored_choice_is_where_it_was_seen(
    site: Site, open_as, elsewhere: tuple[Path, str], tmp_path: Path
) -> None:
    site.person("irene", "--curator")
    site.person("otto")
    folder, url = elsewhere
    uri = "https://example.org/iiif/two-lights/manifest"
    file = tmp_path / "two-lights.json"
    file.write_text(json.dumps(lights(folder, url, uri)))
    desk = open_as("irene")
    curator.import_manifest_file(desk, file)
    curator.import_vocabulary(desk, DATA / "notation.csv", "lights-notation", "Notation of the lights")
    texts = {"title_en": "Marks in many lights", "prompt_en": "Draw a box around the mark.", "overlap": "1"}
    curator.new_campaign(desk, texts, "Notation of the lights", kind="locate")
    curator.choose_sources(desk, "Leaves in two lights")
    curator.step(desk, SLUG, "open")

    page = open_as("otto")
    page.goto(f"/campaigns/{SLUG}/work/")
    hands.wait_for_image(page)
    page.get_by_test_id("stage").focus()
    with page.expect_request("**/xray.png"):
        page.keyboard.press(">")
    expect(page.get_by_test_id("image-said")).to_have_text("Shown: X-ray")

    # Light, turned to the right, mirrored; the button says that it is no longer as it is.
    button = page.get_by_test_id("tool-image")
    page.keyboard.press("o")
    check_accessible(page)
    page.get_by_test_id("image-brightness").fill("1.5")
    page.get_by_test_id("image-invert").click()
    page.get_by_test_id("image-mirror").click()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("image-panel")).to_have_count(0)
    page.keyboard.press("r")
    expect(page.get_by_test_id("image-said")).to_have_text(
        "The image is turned by 90 degrees to the right and mirrored."
    )
    expect(button).to_have_accessible_name("Image settings: changed")
    assert filter_of(page) == "invert(1) brightness(1.5)"
    view = view_of(page)
    assert abs(view["right"][0]) < 1e-9 < abs(view["right"][1])
    # Mirrored and then turned to the right: the page's right is above on the screen, its foot on the left.
    assert view["right"][1] < 0 > view["down"][0]

    # By mouse, over what is seen there; then by keyboard, whose arrows go the way that one sees.
    hands.draw_by_mouse(page, BOX)
    drawn = box_fields(page)
    unit = max(abs(value) for value in on_canvas(view, 1, 1))
    assert all(abs(a - b) <= 2 * unit for a, b in zip(drawn, BOX, strict=True)), drawn
    hands.label(page, "G c", "G clef")
    page.get_by_test_id("stage").focus()
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    x, y, w, h = box_fields(page)
    page.get_by_test_id("stage").focus()
    for _ in range(KEY_STEPS):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_test_id("box-y")).to_have_value(f"{y - 10 * KEY_STEPS:g}")
    moved = box_fields(page)
    assert moved == [x - 1, y - 10 * KEY_STEPS, w + 1, h]
    hands.label(page, "F c", "F clef")
    hands.submit(page)
    stored = json.loads(site.manage("shell", "-v0", "-c", STORED.format(uri=uri)).strip().splitlines()[-1])
    assert sorted(stored) == sorted([drawn, moved])

    # The next leaf stands upright in its first light, and as bright as was asked for.
    hands.wait_for_image(page)
    assert filter_of(page) == "invert(1) brightness(1.5)"
    view = view_of(page)
    assert view["right"][1] == 0 < view["right"][0]
    page.reload()
    hands.wait_for_image(page)
    assert filter_of(page) == "invert(1) brightness(1.5)"

    # 400 units are 40 mm; what is measured is no annotation.
    expect(page.get_by_test_id("scale-bar")).to_contain_text("mm")
    stage = page.get_by_test_id("stage").bounding_box()
    scale = view_of(page)["right"][0]
    start = (stage["x"] + stage["width"] / 2 - 200 * scale, stage["y"] + stage["height"] / 2)
    page.get_by_test_id("stage").focus()
    page.keyboard.press("k")
    drag(page, start, (start[0] + 400 * scale, start[1]))
    expect(page.get_by_test_id("image-said")).to_contain_text("40 mm (400 px)")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("measuring")).to_have_count(0)
    hands.expect_shapes(page, 0)

    # The map shows itself where not all is seen; the loupe follows the hand.
    for _ in range(4):
        page.keyboard.press("+")
    expect(page.get_by_test_id("minimap")).to_be_visible()
    page.keyboard.press("l")
    expect(page.get_by_test_id("loupe")).to_be_visible()
    check_accessible(page)


def test_the_settings_are_a_sheet_on_a_phone(site: Site, open_as) -> None:
    site.manage("demo", "--pages", "2", "--no-samples")
    phone = open_as(None, PHONE)
    phone.goto("/campaigns/clefs/work/")
    hands.wait_for_image(phone)
    phone.get_by_test_id("tool-image").tap()
    panel = phone.get_by_test_id("image-panel")
    place = panel.bounding_box()
    assert (place["x"], place["width"], place["y"] + place["height"]) == (0, 390, 844)
    check_accessible(phone)
    phone.get_by_test_id("image-turn-left").tap()
    expect(phone.get_by_test_id("image-said")).to_have_text("The image is turned by 90 degrees to the left.")
    phone.get_by_test_id("image-reset").tap()
    phone.get_by_test_id("image-close").tap()
    expect(panel).to_have_count(0)

    # A pinch turns nothing, though fingers never go quite straight; a twist does, and stands straight near a right angle.
    hands.two_fingers(phone, radius=(50, 90), degrees=(0, 9))
    expect(phone.get_by_test_id("image-said")).to_have_text("The image stands as it is.")
    assert view_of(phone)["right"][1] == 0
    hands.two_fingers(phone, radius=(80, 80), degrees=(0, -107))
    expect(phone.get_by_test_id("image-said")).to_have_text("The image is turned by 90 degrees to the left.")
    assert view_of(phone)["right"][1] < 0
    hands.expect_shapes(phone, 0)

    # At 400 % image and panel scroll together, and the foot stands after the sheet.
    phone.set_viewport_size({"width": 320, "height": 256})
    sheet, foot = (phone.locator(part).bounding_box() for part in (".rw-sheet", ".rw-foot"))
    assert sheet["y"] + sheet["height"] <= foot["y"] + 1
    assert phone.evaluate("document.documentElement.scrollWidth") == 320
    check_accessible(phone)
