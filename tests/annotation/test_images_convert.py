"""Uploads of every kind become upright 8-bit sRGB pyramids, and what is no honest image is refused in a sentence."""

import hashlib
import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from annotation.images import ImageRefused, child, convert, render
from annotation.images.refusals import TooLargeInOnePiece
from annotation.images.vips import vips
from tests.annotation.test_images import Wish

INK = (200, 60, 40)
WIDTH, HEIGHT = 300, 200


def drawing() -> Image.Image:
    """Ink in the upper left quarter, a blue right half, the rest pale."""
    pixels = np.full((HEIGHT, WIDTH, 3), 230, np.uint8)
    pixels[:100, :150] = INK
    pixels[:, 200:] = (30, 60, 180)
    return Image.fromarray(pixels)


def pixel(pyramid: Path, x: int, y: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> tuple[int, ...]:
    wish = Wish((0, 0, *size), size, format="png")
    with Image.open(io.BytesIO(render(pyramid, wish)[0])) as image:
        found = image.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return tuple(int(value) for value in found)


def near(found: tuple[int, ...], expected: tuple[int, ...], within: int = 8) -> bool:
    return max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= within


def refused(source: Path, **options: object) -> ImageRefused:
    target = source.with_name("refused.tif")
    with pytest.raises(ImageRefused) as caught:
        convert(source, target, **options)  # type: ignore[arg-type]
    assert sorted(path.name for path in source.parent.iterdir()) == [source.name]
    assert str(caught.value).endswith(".")
    return caught.value


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [
        ("a.jpg", "jpeg", {"quality": 95}),
        ("b.jpg", "jpeg", {"quality": 95, "progressive": True}),
        ("c.png", "png", {}),
        ("d.webp", "webp", {"quality": 95}),
        ("e.webp", "webp", {"lossless": True}),
        ("f.tif", "tiff", {}),
        ("g.tif", "tiff", {"compression": "tiff_lzw"}),
        ("h.tif", "tiff", {"compression": "jpeg"}),
        ("i.jp2", "jp2", {}),
        ("j.jp2", "jp2", {"irreversible": True}),
        ("unnamed", "png", {"format": "PNG"}),
        ("wrong.jpg", "png", {"format": "PNG"}),
        ("é ü.png", "png", {}),
    ],
)
def test_every_format_is_read(tmp_path: Path, name: str, kind: str, options: dict[str, object]) -> None:
    source = tmp_path / name
    drawing().save(source, **options)  # type: ignore[arg-type]
    facts = convert(source, tmp_path / "out.tif")
    assert (facts.width, facts.height, facts.format) == (WIDTH, HEIGHT, kind)
    assert facts.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert near(pixel(tmp_path / "out.tif", 50, 50), INK)
    assert near(pixel(tmp_path / "out.tif", 250, 150), (30, 60, 180))
    assert near(pixel(tmp_path / "out.tif", 50, 150), (230, 230, 230))


def test_the_pyramid_is_one(tmp_path: Path) -> None:
    Image.new("RGB", (2_000, 1_200), INK).save(tmp_path / "a.png")
    convert(tmp_path / "a.png", tmp_path / "a.tif")
    with Image.open(tmp_path / "a.tif") as pyramid:
        sizes = []
        for level in range(pyramid.n_frames):  # type: ignore[attr-defined]
            pyramid.seek(level)
            sizes.append(pyramid.size)
            assert pyramid.tag_v2[322] == 256  # type: ignore[attr-defined]
    assert sizes == [(2_000, 1_200), (1_000, 600), (500, 300), (250, 150)]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_a_photograph_stands_upright(tmp_path: Path, orientation: int, suffix: str) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = drawing().transpose(undo[orientation]) if orientation in undo else drawing()
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / f"a.{suffix}", exif=exif)
    facts = convert(tmp_path / f"a.{suffix}", tmp_path / "out.tiff")
    assert (facts.width, facts.height) == (WIDTH, HEIGHT)
    assert near(pixel(tmp_path / "out.tiff", 50, 50), INK, within=20)
    assert near(pixel(tmp_path / "out.tiff", 280, 20), (30, 60, 180), within=20)


def test_a_colour_profile_is_applied(tmp_path: Path) -> None:
    """Green of a wide-gamut profile is a stronger green in sRGB than its numbers say."""
    vips().Image.black(64, 64, bands=3).linear([1, 1, 1], [90, 160, 90]).cast("uchar").copy(
        interpretation="srgb"
    ).icc_transform("p3", input_profile="srgb").pngsave(str(tmp_path / "p3.png"))
    with Image.open(tmp_path / "p3.png") as image:
        assert image.info["icc_profile"]
        stored = image.getpixel((5, 5))
    convert(tmp_path / "p3.png", tmp_path / "out.tif")
    found = pixel(tmp_path / "out.tif", 5, 5, size=(64, 64))
    assert near(found, (90, 160, 90), within=4)
    assert isinstance(stored, tuple)
    assert not near(found, tuple(int(value) for value in stored), within=4)


@pytest.mark.parametrize(
    "profile", [b"nonsense", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()]
)
@pytest.mark.parametrize("suffix", ["png", "jp2"])
def test_a_profile_that_does_not_fit_is_left_aside(tmp_path: Path, profile: bytes, suffix: str) -> None:
    drawing().save(tmp_path / f"a.{suffix}", icc_profile=profile)
    convert(tmp_path / f"a.{suffix}", tmp_path / "out.tif")
    assert near(pixel(tmp_path / "out.tif", 50, 50), INK)


@pytest.mark.parametrize("suffix", ["png", "tif", "jp2"])
def test_sixteen_bits_become_eight(tmp_path: Path, suffix: str) -> None:
    grey = np.full((HEIGHT, WIDTH), 200 * 257, np.uint16)
    grey[:100, :150] = 40 * 257
    Image.fromarray(grey).save(tmp_path / f"a.{suffix}")
    convert(tmp_path / f"a.{suffix}", tmp_path / "out.tiff")
    assert near(pixel(tmp_path / "out.tiff", 50, 50), (40, 40, 40))
    assert near(pixel(tmp_path / "out.tiff", 250, 150), (200, 200, 200))


def test_sixteen_bit_colour_with_transparency(tmp_path: Path) -> None:
    bands = [value * 257 for value in INK] + [65_535]
    image = vips().Image.black(WIDTH, HEIGHT, bands=4).linear([1] * 4, bands).cast("ushort")
    clear = image.draw_rect([0, 0, 0, 0], 150, 0, 150, HEIGHT, fill=True).copy(interpretation="rgb16")
    clear.pngsave(str(tmp_path / "a.png"))
    convert(tmp_path / "a.png", tmp_path / "out.tif")
    assert near(pixel(tmp_path / "out.tif", 50, 50), INK)
    assert near(pixel(tmp_path / "out.tif", 250, 50), (255, 255, 255))


@pytest.mark.parametrize("suffix", ["png", "webp", "tif", "jp2"])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_becomes_paper(tmp_path: Path, suffix: str, mode: str) -> None:
    image = drawing().convert("RGBA")
    image.paste((0, 0, 0, 0), (150, 0, WIDTH, HEIGHT))
    image.convert(mode).save(tmp_path / f"a.{suffix}", **({"lossless": True} if suffix == "webp" else {}))
    convert(tmp_path / f"a.{suffix}", tmp_path / "out.tiff")
    grey = drawing().convert("L").getpixel((50, 50))
    assert near(pixel(tmp_path / "out.tiff", 50, 50), INK if mode == "RGBA" else (int(str(grey)),) * 3)
    assert near(pixel(tmp_path / "out.tiff", 250, 50), (255, 255, 255))


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_printing_inks_become_colours(tmp_path: Path, suffix: str) -> None:
    Image.new("CMYK", (WIDTH, HEIGHT), (0, 255, 255, 0)).save(tmp_path / f"a.{suffix}")
    convert(tmp_path / f"a.{suffix}", tmp_path / "out.tiff")
    red, green, blue = pixel(tmp_path / "out.tiff", 50, 50)
    assert red > 190
    assert max(green, blue) < 90


@pytest.mark.parametrize("mode", ["1", "L", "P"])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_few_colours_are_enough(tmp_path: Path, mode: str, suffix: str) -> None:
    drawing().convert(mode, dither=Image.Dither.NONE).save(tmp_path / f"a.{suffix}")
    convert(tmp_path / f"a.{suffix}", tmp_path / "out.tiff")
    assert min(pixel(tmp_path / "out.tiff", 50, 150)) > 190
    assert min(pixel(tmp_path / "out.tiff", 50, 50)) < 120


def test_one_pixel_is_an_image(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1), INK).save(tmp_path / "a.png")
    assert convert(tmp_path / "a.png", tmp_path / "out.tif").width == 1
    assert near(pixel(tmp_path / "out.tif", 0, 0, size=(1, 1)), INK)


def test_nothing_that_the_source_tells_about_itself_is_kept(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    drawing().save(tmp_path / "a.jpg", exif=exif, comment="a secret comment")
    convert(tmp_path / "a.jpg", tmp_path / "out.tif")
    assert b"secret" in (tmp_path / "a.jpg").read_bytes()
    assert b"secret" not in (tmp_path / "out.tif").read_bytes()
    assert b"secret" not in render(tmp_path / "out.tif", Wish((0, 0, 9, 9), (9, 9)))[0]


def test_real_manuscript_pages(samples: Path, tmp_path: Path) -> None:
    pages = sorted((samples / "images-htromance-latin" / "originals").glob("*/*.jpg"))
    assert pages
    for page in pages[:2]:
        facts = convert(page, tmp_path / "page.tif")
        with Image.open(page) as original:
            assert (facts.width, facts.height) == original.size
            small = Wish(
                (0, 0, facts.width, facts.height), (60, round(60 * facts.height / facts.width)), format="png"
            )
            with Image.open(io.BytesIO(render(tmp_path / "page.tif", small)[0])) as shown:
                expected = np.asarray(
                    original.convert("RGB").resize(small.size, Image.Resampling.LANCZOS)
                ).astype(int)
                assert np.abs(np.asarray(shown.convert("RGB")).astype(int) - expected).mean() < 6


# --- what is refused ---------------------------------------------------------------------------------
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"hello " * 1_000,
        SVG,
        b"%PDF-1.4\n",
        b"PK\x03\x04" + bytes(100),
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"BM" + bytes(100),
        b"P6 1 1 255 \0\0\0",
        b"#!/bin/sh\nexit 0\n",
        b"push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/x'\n",
        bytes(range(256)) * 100,
    ],
)
def test_what_is_no_image_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert refused(tmp_path / "a.jpg").code == "not-an-image"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImageRefused) as gone:
        convert(tmp_path / "none.jpg", tmp_path / "out.tif")
    assert gone.value.code == "file-missing"


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "jp2"])
@pytest.mark.parametrize("share", [0.02, 0.4, 0.9])
def test_a_file_that_breaks_off_is_refused(tmp_path: Path, suffix: str, share: float) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    whole = io.BytesIO()
    names = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tif": "TIFF", "jp2": "JPEG2000"}
    Image.fromarray(noise).save(whole, format=names[suffix])
    content = whole.getvalue()
    (tmp_path / f"a.{suffix}").write_bytes(content[: int(len(content) * share)])
    assert refused(tmp_path / f"a.{suffix}").code in {"damaged", "not-an-image"}


def png(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG that announces a size, whatever follows."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(10_001, 10_000), (50_000, 50_000), (2_000_000_000, 1)])
def test_a_bomb_is_refused_by_its_header(tmp_path: Path, width: int, height: int) -> None:
    (tmp_path / "a.png").write_bytes(png(width, height, zlib.compress(bytes(1_000))))
    refusal = refused(tmp_path / "a.png")
    assert refusal.code == "too-many-pixels"
    assert str(width) in str(refusal)
    assert "100 million" in str(refusal)


def test_the_limit_itself_is_allowed(tmp_path: Path) -> None:
    Image.new("L", (100, 100)).save(tmp_path / "a.png")
    assert convert(tmp_path / "a.png", tmp_path / "out.tif", max_pixels=10_000).width == 100
    (tmp_path / "out.tif").unlink()
    assert refused(tmp_path / "a.png", max_pixels=9_999).code == "too-many-pixels"


def test_numbers_that_are_no_colours_are_refused(tmp_path: Path) -> None:
    Image.fromarray(np.ones((20, 20), np.float32)).save(tmp_path / "a.tif")
    assert refused(tmp_path / "a.tif").code == "pixels-not-understood"


def test_an_image_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    drawing().save(tmp_path / "a.png")
    assert refused(tmp_path / "a.png", timeout_s=0.01).code == "too-demanding"


def test_a_failed_conversion_leaves_the_former_pyramid(tmp_path: Path) -> None:
    drawing().save(tmp_path / "a.png")
    convert(tmp_path / "a.png", tmp_path / "out.tif")
    before = (tmp_path / "out.tif").read_bytes()
    (tmp_path / "a.png").write_bytes(b"no image")
    with pytest.raises(ImageRefused):
        convert(tmp_path / "a.png", tmp_path / "out.tif")
    assert (tmp_path / "out.tif").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"a.png", "out.tif"}


def test_the_child_takes_its_own_rights_away() -> None:
    code = (
        "import resource; from annotation.images.child import LIMITS, limit_itself; limit_itself();"
        "print([resource.getrlimit(getattr(resource, name))[0] <= most for name, most in LIMITS.items()])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([True] * 5)


def test_libvips_is_loaded_on_first_use_only() -> None:
    code = "import sys, annotation.images; assert 'pyvips' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=True)


def test_libvips_reads_nothing_that_it_calls_untrusted(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_bytes(SVG)
    with pytest.raises(vips().Error):
        vips().Image.new_from_file(str(tmp_path / "a.svg"))
    assert vips().concurrency_get() == 1


@pytest.mark.parametrize(("options", "piece"), [({}, (300, 200)), ({"tile_size": (128, 96)}, (128, 96))])
def test_jpeg_2000_is_refused_when_too_much_must_be_decoded_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, object], piece: tuple[int, int]
) -> None:
    source = tmp_path / "page.jp2"
    drawing().save(source, **options)  # type: ignore[arg-type]
    monkeypatch.setattr(child, "MAX_PIECE", piece[0] * piece[1])
    child.check_piece(source, WIDTH, HEIGHT)
    monkeypatch.setattr(child, "MAX_PIECE", piece[0] * piece[1] - 1)
    with pytest.raises(TooLargeInOnePiece, match=f"{piece[0]} × {piece[1]}"):
        child.check_piece(source, WIDTH, HEIGHT)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "I;16"])
def test_jpeg_2000_is_taken_over_in_strips_without_loss(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "STRIP", 64)
    image = drawing().convert("L").convert("I").convert("I;16") if mode == "I;16" else drawing().convert(mode)
    assert np.array_equal(child.in_strips(image), np.asarray(image))
