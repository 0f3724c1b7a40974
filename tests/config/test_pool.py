"""A connection that the server has closed is not taken from the pool again, though nobody asks the server."""

import psycopg
import pytest
from django.db import connection

from config.database.base import DatabaseWrapper, still_there


@pytest.mark.django_db
def test_a_closed_connection_is_found_out() -> None:
    with psycopg.connect(**connection.get_connection_params()) as link:
        still_there(link)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [link.info.backend_pid])
            assert cursor.fetchone() == (True,)
        with pytest.raises(psycopg.OperationalError):
            still_there(link)
        assert link.closed


@pytest.mark.django_db
def test_news_are_no_reason_to_give_a_connection_up() -> None:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as link:
        link.execute("LISTEN news")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
            other.execute("NOTIFY news")
        still_there(link)
        found = link.execute("SELECT 1").fetchone()
        assert found is not None
        assert tuple(found) == (1,)


@pytest.mark.django_db
def test_the_pool_looks_in_this_way() -> None:
    pooled = {
        **connection.settings_dict,
        "OPTIONS": {**connection.settings_dict["OPTIONS"], "pool": {"min_size": 0, "max_size": 2}},
    }
    wrapper = DatabaseWrapper({**pooled, "CONN_HEALTH_CHECKS": True}, alias="pooled")
    try:
        assert wrapper.pool._check is still_there
    finally:
        wrapper.close_pool()
