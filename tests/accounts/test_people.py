"""What people say of themselves, and what an administrator makes of them at the terminal."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.actions import change_settings
from accounts.models import User
from problems import Invalid

pytestmark = pytest.mark.django_db


def test_people_choose_their_public_name_and_language(contributor):
    change_settings(by=contributor, pseudonym="  Karl der Kleine ", language="fr")
    contributor.refresh_from_db()
    assert (contributor.public_name, contributor.language) == ("Karl der Kleine", "fr")
    change_settings(by=contributor, pseudonym="", language="")
    assert contributor.public_name == "carl"


def test_a_language_that_the_site_does_not_speak_is_refused(contributor):
    with pytest.raises(Invalid):
        change_settings(by=contributor, pseudonym="x", language="tlh")
    contributor.refresh_from_db()
    assert contributor.pseudonym == "Carl"


def test_a_person_is_made_and_made_a_curator_at_the_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a quiet evening 7\n"))
    call_command("person", "nora", email="nora@example.org", stdout=io.StringIO())
    nora = User.objects.get()
    assert (nora.check_password("a quiet evening 7"), nora.is_curator) == (True, False)
    call_command("person", "NORA", curator=True, stdout=io.StringIO())
    nora.refresh_from_db()
    assert (nora.is_curator, nora.is_superuser) == (True, False)


def test_a_weak_password_makes_nobody(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError):
        call_command("person", "nora", stdout=io.StringIO())
    assert not User.objects.exists()
