"""A campaign of many small pictures, for journeys that are about the hand and not about what is seen."""

from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page

from tests.journeys import curator

DATA = Path(__file__).parents[2] / "campaigns" / "demo" / "data"
SIZE = (600, 800)


def pictures(folder: Path, count: int, size: tuple[int, int] = SIZE) -> list[Path]:
    """So many pages of paper with a few strokes of ink, each with its number."""
    files = []
    for number in range(count):
        picture = Image.new("RGB", size, "#efe6d2")
        pen = ImageDraw.Draw(picture)
        for line in range(6):
            y = (line + 1) * size[1] // 7
            pen.line((40, y, size[0] - 40, y), fill="#4a4034", width=2)
        pen.text((size[0] // 2, 20), f"{number + 1}", fill="#4a4034")
        files.append(folder / f"blank-{number:03}.png")
        picture.save(files[-1])
    return files


def make_campaign(desk: Page, slug: str, files: list[Path], *, overlap: int = 1) -> None:
    """Imported, made and opened on the pages, by whoever sits at the desk; its slug is that of its title."""
    title = slug.replace("-", " ").capitalize()
    curator.import_images(desk, f"Pictures of {slug}", files)
    curator.import_vocabulary(desk, DATA / "notation.csv", f"notation-{slug}", f"Notation of {slug}")
    texts = {"title_en": title, "prompt_en": "Draw boxes.", "overlap": str(overlap)}
    curator.new_campaign(desk, texts, f"Notation of {slug}", kind="locate")
    curator.choose_sources(desk, f"Pictures of {slug}")
    curator.step(desk, slug, "open")
