"""Pixels as the Image API promises them: the right square, in the right place, size, turn and colour."""

import io
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from annotation.iiif import Limits, parse_request
from annotation.images import ImageRefused, convert, render
from annotation.images.render import choose_level

REFERENCE = "67352ccc-d1b0-11e1-89ae-279075081939"
SIDE = 1000
SQUARE = 100
NEAR = 6  # how far a channel may be off, as the official validator allows


@dataclass(frozen=True)
class Wish:
    region: tuple[int, int, int, int] = (0, 0, SIDE, SIDE)
    size: tuple[int, int] = (SIDE, SIDE)
    mirrored: bool = False
    rotation: float = 0
    quality: str = "default"
    format: str = "jpg"


@dataclass(frozen=True)
class Board:
    """An image of 10 × 10 coloured squares and its pyramid."""

    pixels: NDArray[np.uint8]
    pyramid: Path

    def colour(self, column: int, row: int) -> NDArray[np.uint8]:
        return self.pixels[row * SQUARE + 50, column * SQUARE + 50]

    def get(self, path: str, version: int = 3) -> Image.Image:
        """What the server would answer to this path."""
        limits = Limits(formats=("jpg", "png", "webp"))
        wish = parse_request(path, width=SIDE, height=SIDE, version=3 if version == 3 else 2, limits=limits)
        return opened(self.pyramid, wish)


def opened(pyramid: Path, wish: object) -> Image.Image:
    content, media_type = render(pyramid, wish)  # type: ignore[arg-type]
    image = Image.open(io.BytesIO(content))
    image.load()
    assert Image.MIME[str(image.format)] == media_type
    return image


def looks_like(image: Image.Image, place: tuple[float, float], colour: NDArray[np.uint8]) -> bool:
    """Whether the image shows `colour` around `place`, given in shares of its width and height."""
    pixels = np.asarray(image.convert("RGB")).astype(int)
    y, x = int(place[1] * pixels.shape[0]), int(place[0] * pixels.shape[1])
    around = pixels[max(y - 2, 0) : y + 3, max(x - 2, 0) : x + 3]
    return bool(np.abs(np.median(around, axis=(0, 1)) - colour.astype(int)).max() <= NEAR)


def generated() -> NDArray[np.uint8]:
    colours = np.random.default_rng(7).integers(0, 256, (10, 10, 3), dtype=np.uint8)
    return colours.repeat(SQUARE, axis=0).repeat(SQUARE, axis=1)


@pytest.fixture(scope="module", params=["generated", "reference"])
def board(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Our own squares, and those of the official validator."""
    folder = tmp_path_factory.mktemp("board")
    if request.param == "reference":
        source = request.getfixturevalue("samples") / "iiif-image-validator" / f"{REFERENCE}.png"
    else:
        source = folder / "squares.png"
        Image.fromarray(generated()).save(source)
    facts = convert(source, folder / "squares.tif")
    assert (facts.width, facts.height, facts.format) == (SIDE, SIDE, "png")
    with Image.open(source) as image:
        yield Board(np.asarray(image.convert("RGB")), folder / "squares.tif")


def some_squares(seed: int) -> list[tuple[int, int]]:
    return random.Random(seed).sample([(x, y) for x in range(10) for y in range(10)], 8)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_the_whole_image_shows_every_square(board: Board, suffix: str) -> None:
    image = board.get(f"full/max/0/default.{suffix}")
    assert image.size == (SIDE, SIDE)
    for column in range(10):
        for row in range(10):
            assert looks_like(image, (column / 10 + 0.05, row / 10 + 0.05), board.colour(column, row))


@pytest.mark.parametrize("square", some_squares(1))
def test_a_region_in_pixels(board: Board, square: tuple[int, int]) -> None:
    x, y = square
    image = board.get(f"{x * SQUARE + 13},{y * SQUARE + 13},74,74/max/0/default.jpg")
    assert image.size == (74, 74)
    assert looks_like(image, (0.5, 0.5), board.colour(x, y))
    assert looks_like(image, (0.05, 0.95), board.colour(x, y))


@pytest.mark.parametrize("square", some_squares(2))
def test_a_region_in_per_cent(board: Board, square: tuple[int, int]) -> None:
    x, y = square
    image = board.get(f"pct:{x * 10 + 1},{y * 10 + 1},8,8/max/0/default.jpg")
    assert image.size == (80, 80)
    assert looks_like(image, (0.5, 0.5), board.colour(x, y))


def test_a_region_over_the_edge_is_cut(board: Board) -> None:
    image = board.get("950,910,400,400/max/0/default.jpg")
    assert image.size == (50, 90)
    assert looks_like(image, (0.5, 0.5), board.colour(9, 9))


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("full/500,/0/default.jpg", (500, 500)),
        ("full/,333/0/default.jpg", (333, 333)),
        ("full/pct:12.5/0/default.jpg", (125, 125)),
        ("full/300,700/0/default.jpg", (300, 700)),
        ("full/!300,700/0/default.jpg", (300, 300)),
        ("full/7,9/0/default.png", (7, 9)),
        ("full/1,1/0/default.png", (1, 1)),
        ("square/64,/0/default.jpg", (64, 64)),
        ("full/^1500,1200/0/default.jpg", (1500, 1200)),
        ("0,0,1,1/^10,10/0/default.png", (10, 10)),
        ("0,0,1000,1/^10,10/0/default.png", (10, 10)),
        ("500,300,200,100/^pct:150/0/default.png", (300, 150)),
        ("full/1000,1/0/default.png", (1000, 1)),
    ],
)
def test_sizes_are_exact(board: Board, path: str, size: tuple[int, int]) -> None:
    assert board.get(path).size == size


@pytest.mark.parametrize("size", [(500, 500), (313, 313), (250, 250), (200, 480), (130, 90), (1500, 1100)])
def test_scaling_leaves_the_squares_in_their_places(board: Board, size: tuple[int, int]) -> None:
    image = opened(board.pyramid, Wish(size=size))
    for column, row in some_squares(sum(size)):
        assert looks_like(image, (column / 10 + 0.05, row / 10 + 0.05), board.colour(column, row))


def test_tiles_of_every_level_fit_together(board: Board) -> None:
    """What a viewer does: the tiles of one level, side by side, are the whole image of that level."""
    for factor in (1, 2, 4):
        step = 256 * factor
        level = -(-SIDE // factor)
        canvas = Image.new("RGB", (level, level))
        for x in range(0, SIDE, step):
            for y in range(0, SIDE, step):
                w, h = min(step, SIDE - x), min(step, SIDE - y)
                wish = Wish((x, y, w, h), (-(-w // factor), -(-h // factor)), format="png")
                canvas.paste(opened(board.pyramid, wish), (x // factor, y // factor))
        for column, row in some_squares(factor):
            assert looks_like(canvas, (column / 10 + 0.05, row / 10 + 0.05), board.colour(column, row))


def test_turning_is_clockwise(board: Board) -> None:
    region = "100,200,300,200"  # squares (1..3, 2..3)
    corner = board.colour(1, 2)  # at the upper left before turning
    places = {"0": (1 / 6, 0.25), "90": (0.75, 1 / 6), "180": (5 / 6, 0.75), "270": (0.25, 5 / 6)}
    sizes = {"0": (300, 200), "90": (200, 300), "180": (300, 200), "270": (200, 300)}
    for rotation, place in places.items():
        image = board.get(f"{region}/max/{rotation}/default.png")
        assert image.size == sizes[rotation]
        assert looks_like(image, place, corner)


def test_mirroring_comes_before_turning(board: Board) -> None:
    corner = board.colour(1, 2)
    assert looks_like(board.get("100,200,300,200/max/!0/default.png"), (5 / 6, 0.25), corner)
    assert looks_like(board.get("100,200,300,200/max/!90/default.png"), (0.75, 5 / 6), corner)
    assert looks_like(board.get("100,200,300,200/max/!180/default.png"), (1 / 6, 0.75), corner)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_turning_by_any_angle(board: Board, suffix: str) -> None:
    image = opened(board.pyramid, Wish((300, 300, 100, 100), (100, 100), rotation=45, format=suffix))
    assert abs(image.width - 141) <= 2
    assert abs(image.height - 141) <= 2
    assert looks_like(image, (0.5, 0.5), board.colour(3, 3))
    corner = np.asarray(image)[1, 1]
    assert (corner[:3].min() >= 250) if suffix == "jpg" else (corner[3] == 0)


def test_turning_by_a_small_angle_keeps_its_direction(board: Board) -> None:
    turned = opened(board.pyramid, Wish((0, 0, 200, 200), (200, 200), rotation=10, format="png"))
    # Clockwise: the upper right square has moved down, towards the right edge.
    assert looks_like(turned, (0.5 + 0.5 * 0.45, 0.5 - 0.5 * 0.25), board.colour(1, 0))


def test_gray_has_no_colour(board: Board) -> None:
    image = board.get("full/max/0/gray.jpg")
    assert image.mode == "L"
    red, green, blue = board.colour(4, 4).astype(float)
    assert np.asarray(image)[450, 450] == pytest.approx(0.299 * red + 0.587 * green + 0.114 * blue, abs=25)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_bitonal_has_two_values(board: Board, suffix: str) -> None:
    pixels = np.asarray(board.get(f"full/max/0/bitonal.{suffix}").convert("L"))
    middle = pixels[50::100, 50::100]
    assert set(np.where(middle > 127, 255, 0).ravel()) == {0, 255}
    assert np.minimum(middle, 255 - middle).max() <= (0 if suffix == "png" else NEAR)


def test_a_bitonal_png_has_one_bit(board: Board) -> None:
    assert board.get("full/max/0/bitonal.png").mode == "1"


def test_version_2_asks_in_its_own_words(board: Board) -> None:
    assert board.get("full/full/0/default.jpg", version=2).size == (SIDE, SIDE)
    assert board.get("full/1200,/0/color.jpg", version=2).size == (1200, 1200)


@pytest.mark.parametrize(
    "wish", [Wish(format="gif"), Wish(format="tif"), Wish(size=(0, 5)), Wish(size=(20_000, 20_000))]
)
def test_what_is_not_offered(board: Board, wish: Wish) -> None:
    with pytest.raises(ImageRefused) as refused:
        render(board.pyramid, wish)
    assert refused.value.code == "not-offered"


def test_a_pyramid_that_is_gone_or_broken_says_so(board: Board, tmp_path: Path) -> None:
    with pytest.raises(ImageRefused) as gone:
        render(tmp_path / "none.tif", Wish())
    assert gone.value.code == "file-missing"
    broken = tmp_path / "broken.tif"
    broken.write_bytes(board.pyramid.read_bytes()[:500])
    with pytest.raises(ImageRefused) as damaged:
        render(broken, Wish())
    assert damaged.value.code == "damaged"


def test_a_pyramid_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    for side in (400, 900):
        Image.new("RGB", (side, side), (side % 256, 9, 9)).save(tmp_path / "a.png")
        convert(tmp_path / "a.png", tmp_path / "a.tif")
        wish = Wish(region=(0, 0, side, side), size=(side, side), format="png")
        assert looks_like(
            opened(tmp_path / "a.tif", wish), (0.9, 0.9), np.array([side % 256, 9, 9], np.uint8)
        )


def test_many_threads_get_the_same_pixels(board: Board) -> None:
    wishes = [Wish((x * 100, y * 100, 100, 100), (50, 50), format="png") for x, y in some_squares(3)]
    expected = [render(board.pyramid, wish)[0] for wish in wishes]
    found: list[list[bytes]] = []

    def work() -> None:
        found.append([render(board.pyramid, wish)[0] for wish in wishes for _ in range(3)][::3])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


LEVELS = ((1001, 701), (500, 350), (250, 175), (125, 87))


@pytest.mark.parametrize(
    ("region", "size", "level"),
    [
        ((0, 0, 1001, 701), (1001, 701), 0),
        ((0, 0, 1001, 701), (501, 351), 1),
        ((0, 0, 1001, 701), (530, 371), 0),
        ((0, 0, 256, 256), (128, 128), 1),
        ((512, 512, 489, 189), (123, 48), 2),
        ((0, 0, 100, 100), (400, 400), 0),
        ((0, 0, 1001, 701), (10, 10), 3),
        ((0, 0, 1001, 701), (10, 701), 0),
    ],
)
def test_the_smallest_level_that_has_enough_is_read(
    region: tuple[int, int, int, int], size: tuple[int, int], level: int
) -> None:
    assert choose_level(LEVELS, region, size) == level


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An image whose sides are no multiple of anything."""
    folder = tmp_path_factory.mktemp("odd")
    Image.fromarray(generated()[:701, :997]).save(folder / "odd.png")
    convert(folder / "odd.png", folder / "odd.tif")
    return folder / "odd.tif"


@given(data=st.data())
def test_any_region_in_any_size_comes_in_that_size(odd: Path, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, 996)), data.draw(st.integers(0, 700))
    w, h = data.draw(st.integers(1, 997 - x)), data.draw(st.integers(1, 701 - y))
    size = (data.draw(st.integers(1, 300)), data.draw(st.integers(1, 300)))
    wish = Wish((x, y, w, h), size, data.draw(st.booleans()), data.draw(st.sampled_from([0, 90, 180, 270])))
    wish = replace(wish, quality=data.draw(st.sampled_from(["default", "color", "gray", "bitonal"])))
    image = opened(odd, wish)
    assert image.size == (size if wish.rotation % 180 == 0 else size[::-1])
