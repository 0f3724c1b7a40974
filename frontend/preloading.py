"""The workbench's texts in the reader's language, fetched beside its scripts instead of after them."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import HttpResponse
from django.utils.translation import get_language
from django_vite.core.asset_loader import DjangoViteAssetLoader, DjangoViteAssetNotFoundError

P = ParamSpec("P")


def texts_ahead(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A page with the workbench on it: its answer names the file of texts that the scripts will ask for.

    English is in the scripts themselves, and so is what a language lacks.
    """

    @wraps(view)
    def ahead(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        if address := _texts((get_language() or "en").split("-")[0]):
            response.headers["Link"] = f"<{address}>; rel=modulepreload"
        return response

    return ahead


def _texts(language: str) -> str:
    loader = DjangoViteAssetLoader.instance()
    try:
        return str(loader.generate_vite_asset_url(f"core/locale/{language}/index.ts"))
    except DjangoViteAssetNotFoundError:
        return ""
