"""Under which other addresses the same canvas or manifest is known: what institutions write differently."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from annotation.webanno.terms import CONTEXT, OUR_CONTEXT, PREFIX, as_list

# Gallica writes the page of a canvas as `f2`, tools that were fed from it as `f0002`.
_PAGE = re.compile(r"(?P<before>.*/canvas/f)0*(?P<page>\d{1,6})")
_WIDTHS = (1, 2, 3, 4, 5, 6)
_FRAGMENT = "#"


def canvas_variants(uri: str) -> tuple[str, ...]:
    """The URI itself, then the other ways of writing it that are known to mean the same canvas, likeliest first.

    http and https; with and without a slash at its end; `/canvas/f2` and `/canvas/f0002`; an ark whose colon
    and slashes are percent-encoded. A fragment is left off: it names a region.
    """
    plain = uri.partition(_FRAGMENT)[0]
    written = [plain, *_decoded(plain)]
    pages = [other for one in written for other in _pages(one)]
    return _once([plain, *(other for one in [*written, *pages] for other in _addresses(one))])


def manifest_variants(uri: str) -> tuple[str, ...]:
    """The same for a manifest: also `…/manifest` and `…/manifest.json`."""
    plain = uri.partition(_FRAGMENT)[0]
    bare = plain.rstrip("/")
    written = [plain, *_decoded(plain)]
    if bare.endswith("/manifest"):
        written.append(f"{bare}.json")
    elif bare.endswith("/manifest.json"):
        written.append(bare.removesuffix(".json"))
    return _once([other for one in written for other in _addresses(one)])


def _addresses(uri: str) -> list[str]:
    bare = uri.rstrip("/")
    found = [uri, bare, f"{bare}/"]
    scheme, mark, rest = bare.partition("://")
    if mark and scheme in ("http", "https"):
        other = f"{'http' if scheme == 'https' else 'https'}://{rest}"
        found += [other, f"{other}/"]
    return found


def _pages(uri: str) -> list[str]:
    match = _PAGE.fullmatch(uri.rstrip("/"))
    if not match:
        return []
    return [f"{match['before']}{int(match['page']):0{width}d}" for width in _WIDTHS]


def _decoded(uri: str) -> list[str]:
    return [unquote(uri)] if re.search("ark%3a", uri, re.IGNORECASE) else []


def _once(uris: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(uris))


def retargeted(document: Mapping[str, Any], said: str, canvas: str) -> dict[str, Any]:
    """The W3C document with its targets on `canvas`, wherever they name it by the other URI `said`.

    Viewers show what names the canvas as its manifest does; what was written stands in `canvasAsWritten`.
    """
    contexts = as_list(document.get("@context")) or [CONTEXT]
    return {
        **document,
        "@context": contexts if OUR_CONTEXT in contexts else [*contexts, OUR_CONTEXT],
        "target": _renamed(document.get("target"), said, canvas),
        f"{PREFIX}:canvasAsWritten": said,
    }


def _renamed(node: Any, said: str, canvas: str) -> Any:
    if isinstance(node, str):
        plain, mark, fragment = node.partition(_FRAGMENT)
        return f"{canvas}{mark}{fragment}" if plain == said else node
    if isinstance(node, list):
        return [_renamed(item, said, canvas) for item in node]
    if isinstance(node, Mapping):
        named = ("id", "source", "items")
        return {key: _renamed(value, said, canvas) if key in named else value for key, value in node.items()}
    return node
