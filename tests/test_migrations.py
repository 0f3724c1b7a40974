"""The models, their migrations and the tables say the same."""

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.test_architecture import ARROW

pytestmark = pytest.mark.django_db


def test_no_model_changed_without_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_is_applied_in_one_line() -> None:
    loader = MigrationLoader(connection)
    for room in ARROW:
        leaves = loader.graph.leaf_nodes(room)
        assert len(leaves) <= 1, f"{room} has two branches of migrations: {leaves}"
        assert set(leaves) <= set(loader.applied_migrations)


def test_every_table_comes_from_a_migration() -> None:
    tables = set(connection.introspection.table_names())
    missing = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.managed and model._meta.db_table not in tables
    ]
    assert missing == []


def test_the_system_checks_find_nothing() -> None:
    said = io.StringIO()
    call_command("check", stdout=said, stderr=said)
    assert "no issues" in said.getvalue()
