"""The few ways JSON-LD writes the same thing, told apart in one place: one or many, `id` or `@id`, `sc:` or
not.
"""

from collections.abc import Iterator
from typing import Any


def as_list(value: Any) -> list[Any]:
    """Nothing → [], one → [one], many → many."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def placed_items(value: Any, pointer: str) -> Iterator[tuple[Any, str]]:
    """One or many, each with its JSON pointer: that of the value itself when it is no list."""
    for index, item in enumerate(as_list(value)):
        yield item, f"{pointer}/{index}" if isinstance(value, list) else pointer


def identifier(node: Any) -> str | None:
    """The `id` or `@id` of an object, or the string that stands for it."""
    if isinstance(node, str):
        return node
    if not isinstance(node, dict):
        return None
    value = node.get("id") or node.get("@id")
    return value if isinstance(value, str) else None


def kind_of(node: Any) -> str:
    """The type without its prefix: `sc:Manifest`, `…/presentation/2#Manifest` and `Manifest` are the same."""
    if not isinstance(node, dict):
        return ""
    for value in as_list(node.get("type") or node.get("@type")):
        if isinstance(value, str) and value:
            return value.rsplit("#", 1)[-1].rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    return ""


def first_address(value: Any) -> str | None:
    """The http(s) address of the first item: of a thumbnail, a logo, a homepage."""
    for item in as_list(value):
        found = identifier(item)
        if found and found.startswith(("http://", "https://")):
            return found
    return None


def step(key: str | int) -> str:
    """One step of a JSON pointer, escaped (RFC 6901 §3)."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")
