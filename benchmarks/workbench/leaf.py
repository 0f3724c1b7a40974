"""The picture that is measured with."""

import numpy as np
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 2400, 3400


def leaf() -> Image.Image:
    """A page of paper with lines of writing: JPEG has as much to do as with a photograph."""
    grain = np.random.default_rng(7).integers(216, 228, (HEIGHT // 4, WIDTH // 4, 1), dtype=np.uint8)
    paper = np.repeat(grain, 3, axis=2) * np.array([1, 0.96, 0.86])
    page = Image.fromarray(paper.astype(np.uint8)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(page)
    for y in range(300, HEIGHT - 300, 90):
        for x in range(200, WIDTH - 200, 46):
            pen.arc((x, y, x + 40, y + 52), x % 360, (x + y) % 360 + 200, fill="#3b2a1c", width=6)
    return page
