"""A kept select gives what its query set would, on any thread's connection, and nothing is remembered but SQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from accounts.kept_select import KeptSelect
from accounts.models import User
from tests.cast import Maker
from work.models import Job

JOBS = KeptSelect(
    lambda pk, by, kind, now: (
        Job.objects.select_related("requested_by")
        .filter(pk=pk, requested_by=by, kind=kind, created_at__lt=now)
        .annotate(said=Count("lines"))
        .defer("error")
    ),
    pk=UUID, by=int, kind=str, now=datetime,
)  # fmt: skip


def one(job: Job, by: User, kind: str = "a") -> Job | None:
    return JOBS.first(pk=job.pk, by=by.pk, kind=kind, now=timezone.now() + timedelta(hours=1))


def test_it_finds_rows_with_their_relations_and_annotations(owner: User, stranger: User) -> None:
    mine = Job.objects.create(kind="a", subject="1", requested_by=owner)
    mine.lines.create(sentence="Well.")
    theirs = Job.objects.create(kind="b", subject="2", requested_by=stranger)
    found = one(mine, owner)
    assert found == mine
    assert found is not None
    assert found.requested_by == owner
    assert found.subject == "1"
    assert getattr(found, "said", None) == 1
    assert found.get_deferred_fields() == {"error"}
    assert one(theirs, stranger, "b") == theirs
    assert one(theirs, owner, "b") is None
    assert one(mine, owner, "b") is None
    assert JOBS(pk=uuid4(), by=owner.pk, kind="a", now=timezone.now()) == []
    assert JOBS.first(pk=mine.pk, by=owner.pk, kind="a", now=mine.created_at) is None


def test_what_has_changed_is_seen(owner: User) -> None:
    job = Job.objects.create(kind="a", subject="1", requested_by=owner)
    assert one(job, owner) is not None
    Job.objects.update(subject="2")
    again = one(job, owner)
    assert again is not None
    assert again.subject == "2"
    again.delete()
    assert one(job, owner) is None


def test_a_value_that_stands_nowhere_is_a_fault_of_the_code(db: None) -> None:
    lost = KeptSelect(lambda pk, kind: Job.objects.filter(pk=pk), pk=UUID, kind=str)
    with pytest.raises(ValueError, match="its place"):
        lost(pk=uuid4(), kind="a")


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection(person: Maker) -> None:
    people = [person(f"someone{number}") for number in range(8)]
    jobs = [
        Job.objects.create(kind="a", subject=str(number), requested_by=by) for number, by in enumerate(people)
    ]

    def look(number: int) -> list[str]:
        try:
            found = [one(jobs[number], people[number]) for _ in range(20)]
            return [job.subject for job in found if job is not None]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(look, range(8))) == [[str(number)] * 20 for number in range(8)]


def test_the_session_of_somebody_who_may_not_come_in_any_more(owner: User) -> None:
    """A session ends with the account's right to sign in, and with its own time."""
    from django.test import Client

    client = Client()
    client.force_login(owner)
    page = client.get("/api/v1/me/")
    assert page.status_code == 200, page.content
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert client.get("/api/v1/me/").status_code == 401


def test_a_session_brings_its_owner_and_nobody_else(owner: User, stranger: User) -> None:
    """What is asked for along with a session is a guess; who it is says the session."""
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts import sessions

    client = Client()
    client.force_login(owner)
    key = client.cookies["sessionid"].value
    assert client.get("/api/v1/me/").json()["username"] == owner.username
    with CaptureQueriesContext(connection) as caught:
        client.get("/api/v1/me/")
    assert sum("accounts_user" in query["sql"] for query in caught.captured_queries) == 1
    sessions._guesses[key] = stranger.pk
    assert client.get("/api/v1/me/").json()["username"] == owner.username
    assert sessions._guesses[key] == owner.pk
    owner.set_password("another-one-that-is-long")
    owner.save()
    assert client.get("/api/v1/me/").status_code == 401


def test_a_session_that_was_ended_elsewhere_is_over(owner: User) -> None:
    from django.contrib.sessions.models import Session
    from django.test import Client

    client = Client()
    client.force_login(owner)
    for _time in range(2):
        assert client.get("/api/v1/me/").status_code == 200
    Session.objects.all().delete()
    assert client.get("/api/v1/me/").status_code == 401
