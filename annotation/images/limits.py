"""What one request of our own image service may ask for."""

from annotation.iiif import Limits

# Enough for any screen, too little to exhaust a worker.
LIMITS = Limits(max_width=4000, max_height=4000, formats=("jpg", "png", "webp"))
