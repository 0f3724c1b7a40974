"""The house stands as planned: foreign keys follow the arrow, modules say why they exist."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ARROW = ["config", "frontend", "campaigns", "annotation", "taxonomy", "work", "accounts", "fetch", "problems"]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "manager", "base"}
NAMED_BY_DJANGO = {settings.ROOT / "config" / "database" / "base.py"}  # where it looks for an engine
SOURCES = [
    path
    for room in ARROW
    for path in (settings.ROOT / room).rglob("*.py")
    if not {"migrations", "node_modules"} & set(path.parts)
]


def test_foreign_keys_follow_the_arrow() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in ARROW
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model._meta.app_label in ARROW
        if ARROW.index(field.related_model._meta.app_label) < ARROW.index(model._meta.app_label)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(settings.ROOT)))
def test_module_says_why_it_exists(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert not tree.body or ast.get_docstring(tree), "begin the module with one sentence"
    assert path.stem not in FORBIDDEN_NAMES or path in NAMED_BY_DJANGO, "name the module by what it holds"
