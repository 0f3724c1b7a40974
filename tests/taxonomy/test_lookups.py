"""Looking up and matching against authorities on loopback: what comes, what fails with which words, what is kept."""

import time

import pytest
from django.core.cache import cache

from problems import Conflict, Invalid, Refused, TryLater
from taxonomy import matching
from taxonomy.actions.editing import undo_change
from taxonomy.actions.lookups import look_up_concept, match_concept
from taxonomy.actions.matching import (
    accept_candidate,
    decline_all,
    decline_candidate,
    match_vocabulary,
    unmatched,
)
from taxonomy.lookups import authorities, authority_named
from taxonomy.models import Concept, MatchCandidate, MatchRun, Relation
from tests.taxonomy.fakes import ENTITY
from work.actions import resume_job, run_job
from work.models import Job

pytestmark = pytest.mark.django_db
ALL = ["wikidata", "gbif", "aat", "gnd", "iconclass", "terms-of-nowhere", "terms-to-come"]


@pytest.fixture
def bass(clefs) -> Concept:
    return Concept.objects.select_related("vocabulary").get(uri="https://example.org/clefs/f")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(matching, "PAUSE_S", 0.0)


def matches(concept: Concept) -> list[tuple[str, str]]:
    return list(concept.relations.order_by("pk").values_list("kind", "target_uri"))


# --- one concept ---


@pytest.mark.parametrize("name", ALL)
def test_every_authority_offers_candidates_over_http(elsewhere, bass, owner, name):
    found = look_up_concept(bass, name, q="", language="fr", by=owner)
    assert (found.q, found.language) == ("clef de fa", "fr")
    assert found.candidates
    for candidate in found.candidates:
        assert candidate.uri.startswith("http")
    # Nothing but the words, the language and how many: no cookie, no address of ours.
    sent = " ".join(str(value) for _m, _p, said, _l in elsewhere.asked for value in said.values())
    assert "clef de fa" in sent or name == "terms-to-come"
    assert "example.org" not in sent
    assert "olga" not in sent.lower()


def test_the_language_is_sent_and_the_answer_kept_for_an_hour(elsewhere, bass, owner):
    first = look_up_concept(bass, "wikidata", q="", language="fr", by=owner)
    again = look_up_concept(bass, "wikidata", q="", language="fr", by=owner)
    assert first.candidates == again.candidates
    assert len(elsewhere.asked) == 1
    assert elsewhere.asked[0][3] == "fr"
    assert look_up_concept(bass, "wikidata", q="", language="en", by=owner).q == "F clef"
    assert len(elsewhere.asked) == 2


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("busy", "asks us to slow down"),
        ("html", "a web page (“Please log in”) instead of data"),
        ("broken", "is not JSON that can be read"),
        ("empty", "is not JSON that can be read"),
    ],
)
@pytest.mark.parametrize("name", ALL)
def test_what_goes_wrong_elsewhere_is_a_sentence(elsewhere, bass, owner, name, mood, words):
    elsewhere.mood = mood
    with pytest.raises(TryLater) as caught:
        look_up_concept(bass, name, q="", language="en", by=owner)
    assert caught.value.code == "authority-unreachable"
    assert caught.value.detail.startswith(f"{authority_named(name).label} could not be reached from here. ")
    assert words in caught.value.detail


@pytest.mark.parametrize("name", ALL)
def test_an_answer_in_another_form_is_a_sentence_and_is_not_kept(elsewhere, bass, owner, name):
    elsewhere.mood = "other"
    with pytest.raises(TryLater) as caught:
        look_up_concept(bass, name, q="", language="en", by=owner)
    assert caught.value.code == "authority-unreadable"
    elsewhere.mood = ""
    assert look_up_concept(bass, name, q="", language="en", by=owner).candidates


def test_nobody_waits_longer_than_the_limit(elsewhere, bass, owner, monkeypatch):
    monkeypatch.setattr("taxonomy.actions.lookups.TIMEOUT_S", 0.5)
    elsewhere.mood = "slow"
    begun = time.monotonic()
    with pytest.raises(TryLater) as caught:
        look_up_concept(bass, "iconclass", q="", language="en", by=owner)
    assert time.monotonic() - begun < 15, "the server would have taken 20"
    assert "within" in caught.value.detail


def test_a_house_without_a_way_out_says_so(elsewhere, bass, owner, settings):
    settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = []
    with pytest.raises(TryLater) as caught:
        look_up_concept(bass, "wikidata", q="", language="en", by=owner)
    assert caught.value.detail.startswith("Wikidata could not be reached from here.")


def test_what_cannot_be_asked_is_refused(elsewhere, bass, owner, stranger, settings):
    with pytest.raises(Refused):
        look_up_concept(bass, "wikidata", q="", language="en", by=stranger)
    with pytest.raises(Invalid):
        look_up_concept(bass, "nowhere", q="", language="en", by=owner)
    with pytest.raises(Invalid):
        look_up_concept(bass, "wikidata", q="x" * 201, language="en", by=owner)
    for language in ("fr/../../x", "", "é", "f\r\nX: y"):
        with pytest.raises(Invalid):
            look_up_concept(bass, "wikidata", q="", language=language, by=owner)
    assert elsewhere.asked == []
    settings.RUBRICATOR_AUTHORITIES = ["gbif"]
    assert list(authorities()) == ["gbif", "terms-of-nowhere", "terms-to-come"]


def test_a_match_is_a_logged_change_and_can_be_taken_back(bass, owner):
    change = match_concept(bass, uri=f"{ENTITY}Q1", kind="closeMatch", by=owner)
    assert change is not None
    assert change.operation == "describe"
    assert matches(bass) == [("closeMatch", f"{ENTITY}Q1")]
    assert match_concept(bass, uri=f"{ENTITY}Q1", kind="closeMatch", by=owner) is None
    exact = match_concept(bass, uri=f"{ENTITY}Q1", kind="exactMatch", by=owner)
    assert matches(bass) == [("exactMatch", f"{ENTITY}Q1")]
    undo_change(exact, by=owner)
    assert matches(bass) == [("closeMatch", f"{ENTITY}Q1")]
    for uri, kind in [("javascript:alert(1)", "exactMatch"), (f"{ENTITY}Q2", "isReplacedBy")]:
        with pytest.raises(Invalid):
            match_concept(bass, uri=uri, kind=kind, by=owner)


# --- a whole vocabulary ---


def ran(run: MatchRun) -> MatchRun:
    for _slice in range(20):
        run_job(str(run.job_id))
        run.job.refresh_from_db()
        if run.job.is_finished:
            break
        Job.objects.filter(pk=run.job_id).update(not_before=None)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("name", ALL)
def test_a_run_proposes_candidates_for_every_concept(elsewhere, clefs, owner, name):
    run = ran(match_vocabulary(clefs, name, language="en", by=owner))
    assert (run.job.state, run.asked, run.found) == ("done", 5, 5)
    assert clefs.match_candidates.values("concept").distinct().count() == 5
    if authority_named(name).at_once > 1:
        posts = [asked for asked in elsewhere.asked if asked[0] == "POST"]
        assert len(posts) == 1  # five concepts, asked about together
    again = ran(match_vocabulary(clefs, name, language="en", by=owner))
    assert (again.asked, again.job.state) == (0, "done")


def test_a_run_goes_on_where_it_was_stopped(elsewhere, clefs, owner, monkeypatch):
    monkeypatch.setattr(matching, "SLICE", 2)
    run = match_vocabulary(clefs, "gbif", language="en", by=owner)
    run_job(str(run.job_id))
    run.refresh_from_db()
    assert (run.asked, Job.objects.get(pk=run.job_id).state) == (2, "queued")
    done = ran(run)
    assert (done.asked, done.job.done) == (5, 5)
    names = [said["name"] for _m, path, said, _l in elsewhere.asked if path.endswith("/match")]
    assert len(names) == len(set(names)) == 5


def test_a_run_rests_when_it_is_asked_to_and_gives_up_with_the_reason(elsewhere, clefs, owner, monkeypatch):
    monkeypatch.setattr(matching, "TIMEOUT_S", 1.0)
    elsewhere.mood = "busy"
    run = match_vocabulary(clefs, "aat", language="en", by=owner)
    run_job(str(run.job_id))
    job = Job.objects.get(pk=run.job_id)
    assert job.state == "queued"
    assert (job.not_before - job.heartbeat_at).total_seconds() > 29
    run = ran(run)
    assert (run.job.state, run.asked) == ("failed", 0)
    assert run.job.error.startswith("Getty AAT could not be reached from here.")
    elsewhere.mood = ""
    forget_the_wait(elsewhere)
    resume_job(run.job)
    assert ran(run).asked == 5


def forget_the_wait(server) -> None:
    cache.delete_many([f"fetch:wait:{server.authority}", f"fetch:strikes:{server.authority}"])


def test_an_unreadable_answer_is_written_down_and_passed_over(elsewhere, clefs, owner):
    elsewhere.mood = "other"
    run = ran(match_vocabulary(clefs, "gnd", language="en", by=owner))
    assert (run.job.state, run.asked, run.found) == ("done", 5, 0)
    line = run.job.lines.filter(severity="warning").get()
    assert "F clef" in line.place


def test_one_run_at_a_time(elsewhere, clefs, owner, stranger):
    match_vocabulary(clefs, "aat", language="en", by=owner)
    match_vocabulary(clefs, "gnd", language="en", by=owner)
    with pytest.raises(Conflict):
        match_vocabulary(clefs, "aat", language="en", by=owner)
    with pytest.raises(Refused):
        match_vocabulary(clefs, "wikidata", language="en", by=stranger)


@pytest.fixture
def proposed(elsewhere, clefs, bass, owner) -> list[MatchCandidate]:
    ran(match_vocabulary(clefs, "wikidata", language="en", by=owner))
    return list(bass.match_candidates.select_related("vocabulary").order_by("place"))


def test_accepting_matches_and_settles_the_rest(proposed, clefs, bass, owner):
    first, second = proposed
    assert accept_candidate(first, kind="exactMatch", by=owner).state == "accepted"
    assert matches(bass) == [(Relation.Kind.EXACT, f"{ENTITY}Q800")]
    second.refresh_from_db()
    assert (second.state, second.decided_by) == ("declined", owner)
    with pytest.raises(Conflict):
        decline_candidate(first, by=owner)
    wikidata = authority_named("wikidata")
    assert bass not in unmatched(clefs, wikidata)
    undo_change(clefs.changes.first(), by=owner)
    assert bass in unmatched(clefs, wikidata)


def test_what_was_declined_is_not_proposed_again(proposed, clefs, bass, owner, stranger):
    with pytest.raises(Refused):
        decline_candidate(proposed[0], by=stranger)
    assert decline_all(clefs, bass.pk, authority="wikidata", by=owner) == 2
    ran(match_vocabulary(clefs, "wikidata", language="en", by=owner))
    assert set(bass.match_candidates.values_list("state", flat=True)) == {"declined"}
    assert matches(bass) == []
