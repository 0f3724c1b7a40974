"""How alike two crops are at a glance: the correlation that `match_template` looks for, at one size and place.

Each crop is brought to the same few pixels and freed of its brightness, so that the cosine of two of them is the
normalised correlation (TM_CCOEFF_NORMED) of the pictures. It costs nothing once the pages are there, and tells the
same glyph or ornament from others; it does not see through another drawing of the same thing.
"""

import cv2
import numpy as np
import numpy.typing as npt

SIDE = 32
FLAT = 2.0  # deviation of grey values below which there is nothing to see


def glance(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """A crop `uint8 (h, w)` as a row `(1024,)` with mean 0; zeros for one of a single shade, which is like nothing."""
    small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    row = np.asarray(small, dtype=np.float64).ravel()
    return row - row.mean() if float(row.std()) >= FLAT else np.zeros_like(row)
