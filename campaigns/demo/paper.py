"""Turns clean engraving into a page that has been somewhere: paper, ink, stains, a darker edge."""

import numpy as np
import numpy.typing as npt
import pyvips

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


def _clouds(rng: np.random.Generator, height: int, width: int, cell: int) -> Floats:
    """Smooth noise in −1…1 whose spots are about `cell` pixels wide."""
    grid = rng.uniform(-1, 1, (height // cell + 3, width // cell + 3)).astype(np.float32)
    image = pyvips.Image.new_from_array(grid).resize(cell, kernel="cubic")
    return np.asarray(image.numpy(), dtype=np.float32)[:height, :width]


def sheet(rng: np.random.Generator, width: int, height: int) -> Bytes:
    """Return a blank aged sheet, RGB bytes (height, width, 3)."""
    tone = 3.5 * _clouds(rng, height, width, 260) + 2.5 * _clouds(rng, height, width, 60)
    tone += 1.6 * _clouds(rng, height, width, 7) + rng.normal(0, 1.3, (height, width)).astype(np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    tone -= 26 * (np.abs(x) ** 14 + np.abs(y) ** 18) + 9 * (x**4 + y**4) / 2
    foxing = np.clip(_clouds(rng, height, width, 34) - 0.62, 0, None) * 34
    colour = np.array([240, 228, 200], dtype=np.float32)
    yellowing = np.array([0.85, 1.0, 1.3], dtype=np.float32)
    browning = np.array([0.5, 1.0, 1.5], dtype=np.float32)
    page = colour + tone[..., None] * yellowing - foxing[..., None] * browning
    return np.asarray(np.clip(page, 0, 255), dtype=np.uint8)


def flow(rng: np.random.Generator, width: int, height: int) -> Floats:
    """Return how well the pen was inked, float32 (height, width) around 0.88, at most 1."""
    uneven = 0.88 + 0.08 * _clouds(rng, height, width, 90) + 0.07 * _clouds(rng, height, width, 5)
    return np.asarray(np.clip(uneven, 0, 1), dtype=np.float32)


def write(sheet: Bytes, strokes: Bytes, ink: tuple[int, int, int], flow: Floats) -> Bytes:
    """Lay `strokes` (opacity 0–255, shape (h, w)) in `ink` on `sheet`; return RGB bytes (h, w, 3)."""
    page = sheet.copy()
    touched = strokes > 0
    opacity = (strokes[touched] / np.float32(255) * flow[touched])[:, None]
    colour = np.array(ink, dtype=np.float32)
    page[touched] = (sheet[touched] * (1 - opacity) + colour * opacity).astype(np.uint8)
    return page
