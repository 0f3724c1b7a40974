"""Pixels: uploads become pyramids in a limited child process, pyramids answer Image API requests."""

from annotation.images.convert import convert
from annotation.images.facts import MAX_PIXELS, ImageFacts
from annotation.images.refusals import ImageRefused
from annotation.images.render import render, warm_up

__all__ = ["MAX_PIXELS", "ImageFacts", "ImageRefused", "convert", "render", "warm_up"]
