"""Texts that the house wants translated, found in Python with Babel and in templates with Django's parser; and their French."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.template import Node, Template, engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation import trim_whitespace

from problems import Problem

ROOMS = ("config", "frontend", "campaigns", "annotation", "taxonomy", "work", "accounts", "fetch", "problems")
FUNCTIONS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
# The rooms below the pages raise problems with plain sentences; the pages translate them when they show them.
PROBLEMS = {cls.__name__: (1,) for cls in (Problem, *Problem.__subclasses__())}
SENTENCES = {**PROBLEMS, "Fault": (2,), "Decision": (2,)}
Message = str | tuple[str, str]
CATALOGUE = settings.ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"


@dataclass
class Found:
    """A text and the files in which it stands; a pair is singular and plural."""

    message: Message
    places: list[str] = field(default_factory=list)


def wanted() -> list[Found]:
    """Every text of the house, in the order of the rooms."""
    found: dict[Message, Found] = {}
    for place, message in [*_of_python(), *_of_templates(), *_of_problems()]:
        entry = found.setdefault(message, Found(message))
        if place not in entry.places:
            entry.places.append(place)
    return list(found.values())


def _sources(pattern: str) -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((settings.ROOT / room).rglob(pattern)):
            # The validator of annotations has a Problem of its own, which is a row of its report.
            if not {"node_modules", "migrations", "webanno"}.intersection(path.parts):
                yield path


def _of_python() -> Iterator[tuple[str, Message]]:
    for path in _sources("*.py"):
        place = str(path.relative_to(settings.ROOT))
        with path.open("rb") as source:
            for _line, message, _comments, _context in extract(
                "python", source, keywords={**FUNCTIONS, **SENTENCES}
            ):
                if message:
                    yield place, tuple(message) if isinstance(message, tuple) else message


def _of_problems() -> Iterator[tuple[str, Message]]:
    """The titles of the error page."""
    for cls in (Problem, *Problem.__subclasses__()):
        yield "problems/problem.py", str(cls.title)


def _of_templates() -> Iterator[tuple[str, Message]]:
    folder = settings.ROOT / "frontend" / "templates"
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.txt")]):
        template: Template = engines["django"].get_template(str(path.relative_to(folder))).template
        place = str(path.relative_to(settings.ROOT))
        for node in template.nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode)):
            message = _message(node)
            if message:
                yield place, message


def _message(node: Node) -> Message | None:
    if isinstance(node, TranslateNode):
        text = node.filter_expression.var
        literal = getattr(text, "literal", text)
        # The tag doubles a per cent sign before it looks the text up.
        return literal.replace("%", "%%") if isinstance(literal, str) else None
    singular, _names = node.render_token_list(node.singular)
    if not node.plural:
        return trim_whitespace(singular) if node.trimmed else singular
    plural, _names = node.render_token_list(node.plural)
    return (trim_whitespace(singular), trim_whitespace(plural)) if node.trimmed else (singular, plural)


def catalogue() -> dict[object, object]:
    with CATALOGUE.open("rb") as source:
        messages = read_po(source, locale="fr", abort_invalid=True)
    return {message.id: message for message in messages if message.id}
