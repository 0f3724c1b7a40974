"""What is new in a layer on a canvas: nothing lost, nothing twice, whoever else is writing at the same time."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role, grant, revoke
from annotation.actions.amending import amend_annotations
from annotation.actions.annotations import NewAnnotation
from annotation.actions.documents import create_annotation, delete_annotation, replace_annotation
from annotation.cursors import KEPT_FOR, Cursor, read_cursor
from annotation.geometry import Box
from annotation.models import Annotation, AnnotationDeparture, Canvas, Layer
from annotation.news import News, news_of
from annotation.presence import KEPT_S
from annotation.webanno import build
from problems import Gone, Malformed
from tests.annotation.conftest import annotate, make_layer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def canvas(manifest):
    return manifest.canvases.first()


@pytest.fixture
def layer(owner):
    return make_layer(owner)


@pytest.fixture
def ask(api, owner, layer, canvas):
    """Ask as Olga, or as somebody else."""

    def get(since="", *, by=owner, on=None, **query):
        api.force_authenticate(by)
        path = f"/api/v1/layers/{layer.pk}/canvases/{(on or canvas).pk}/changes/"
        return api.get(path, {**({"since": since} if since else {}), **query})

    return get


def said(canvas: Canvas, x: float = 10.0, **more) -> dict:
    document = build(id="urn:uuid:x", canvas=canvas.uri, box=Box(x, 20, 30, 40), comment="look", **more)
    return {key: value for key, value in document.items() if key != "id"}


def make(layer: Layer, canvas: Canvas, by, x: float = 10.0) -> Annotation:
    return create_annotation(layer, said(canvas, x), by=by, id=uuid4())[0]


def seen(news: News) -> list[tuple[UUID, int, bool]]:
    return [(change.id, change.revision, change.stands) for change in news.changes]


# --- what is news ----------------------------------------------------------------------------------


def test_every_kind_of_change_is_news_once(layer, canvas, owner):
    start = news_of(layer.pk, canvas.pk, None)
    assert (seen(start), start.is_whole) == ([], True)
    row = make(layer, canvas, owner)
    made = news_of(layer.pk, canvas.pk, start.cursor)
    assert seen(made) == [(row.pk, 1, True)]
    assert made.changes[0].box == (10, 20, 30, 40)
    assert made.changes[0].by == "Olga"
    replace_annotation(row, said(canvas, 50), by=owner, revision=1)
    changed = news_of(layer.pk, canvas.pk, made.cursor)
    assert seen(changed) == [(row.pk, 2, True)]
    delete_annotation(row, by=owner, revision=2)
    deleted = news_of(layer.pk, canvas.pk, changed.cursor)
    assert seen(deleted) == [(row.pk, 3, False)]
    assert deleted.changes[0].document == {}
    assert seen(news_of(layer.pk, canvas.pk, deleted.cursor)) == []
    assert seen(news_of(layer.pk, canvas.pk, None)) == []


def test_what_is_written_many_at_once_is_news_too(layer, canvas, owner):
    """The ways in that go round Django's `save`: batches, amendments, updates of the query set."""
    start = news_of(layer.pk, canvas.pk, None)
    rows = annotate(layer, canvas, 3)
    made = news_of(layer.pk, canvas.pk, start.cursor)
    assert len(made.changes) == 3
    new = NewAnnotation(rows[0].pk, layer, canvas, said(canvas, 70), ("tagging",), Box(70, 20, 30, 40))
    with transaction.atomic():
        amend_annotations([new], withdrawn=[rows[1].pk], by=owner)
    amended = news_of(layer.pk, canvas.pk, made.cursor)
    assert {(pk, stands) for pk, _revision, stands in seen(amended)} == {
        (rows[0].pk, True),
        (rows[1].pk, False),
    }
    Annotation.objects.filter(pk=rows[2].pk).update(confidence=0.5)
    assert [pk for pk, *_ in seen(news_of(layer.pk, canvas.pk, amended.cursor))] == [rows[2].pk]


def test_what_moves_to_another_canvas_leaves_this_one(layer, manifest, owner):
    here, there = manifest.canvases.order_by("position")
    row = make(layer, here, owner)
    here_now, there_now = (news_of(layer.pk, one.pk, None).cursor for one in (here, there))
    moved = replace_annotation(row, said(there), by=owner, revision=1)
    gone, come = news_of(layer.pk, here.pk, here_now), news_of(layer.pk, there.pk, there_now)
    assert (seen(gone), seen(come)) == ([(row.pk, 2, False)], [(row.pk, 2, True)])
    replace_annotation(moved, said(here), by=owner, revision=2)
    assert seen(news_of(layer.pk, here.pk, gone.cursor)) == [(row.pk, 3, True)]
    assert AnnotationDeparture.objects.count() == 2


def test_other_layers_and_canvases_are_not_news(layer, manifest, owner):
    here, there = manifest.canvases.order_by("position")
    start = news_of(layer.pk, here.pk, None)
    make(layer, there, owner)
    make(make_layer(owner), here, owner)
    assert seen(news_of(layer.pk, here.pk, start.cursor)) == []


# --- nothing is lost -------------------------------------------------------------------------------


def test_what_commits_late_is_news_and_nobody_waits_for_it(layer, canvas, owner):
    """A slow transaction begins first and ends last; a number that counts up would have passed it over."""
    begun, go_on = Event(), Event()
    made: dict[str, UUID] = {}

    def slow():
        try:
            with transaction.atomic():
                made["slow"] = make(layer, canvas, owner).pk
                begun.set()
                assert go_on.wait(60)
        finally:
            connection.close()

    thread = Thread(target=slow)
    thread.start()
    assert begun.wait(60)
    quick = make(layer, canvas, owner).pk
    first = news_of(layer.pk, canvas.pk, None)
    assert [pk for pk, *_ in seen(first)] == [quick]
    later = make(layer, canvas, owner).pk
    second = news_of(layer.pk, canvas.pk, first.cursor)
    assert [pk for pk, *_ in seen(second)] == [later]
    go_on.set()
    thread.join()
    third = news_of(layer.pk, canvas.pk, second.cursor)
    assert [pk for pk, *_ in seen(third)] == [made["slow"]]
    assert seen(news_of(layer.pk, canvas.pk, third.cursor)) == []


def test_what_is_rolled_back_was_never_there(layer, canvas, owner):
    start = news_of(layer.pk, canvas.pk, None)
    with transaction.atomic():
        make(layer, canvas, owner)
        transaction.set_rollback(True)
    assert seen(news_of(layer.pk, canvas.pk, start.cursor)) == []


def test_20_people_polling_see_each_of_1000_concurrent_changes_exactly_once(layer, canvas, owner):
    """Eight write, each change in a transaction that ends when luck wants it; twenty read all the while."""
    writers, readers, each = 8, 20, 125
    start = news_of(layer.pk, canvas.pk, None).cursor
    over, together = Event(), Barrier(writers + readers)

    def write(number: int) -> set[tuple[UUID, int]]:
        luck, done = random.Random(number), set()
        mine: list[Annotation] = []
        together.wait()
        try:
            while len(done) < each:
                with transaction.atomic():
                    for _ in range(min(luck.randint(1, 4), each - len(done))):
                        if mine and luck.random() < 0.4:
                            row = mine.pop(luck.randrange(len(mine)))
                            row = replace_annotation(
                                row, said(canvas, len(done) + luck.random()), by=owner, revision=None
                            )
                        else:
                            row = make(layer, canvas, owner, luck.random() * 900)
                        done.add((row.pk, row.revision))
                        # Only what no later write of the same transaction covers can be told apart.
                        held = [*mine, row] if luck.random() < 0.3 else mine
                    mine = held
        finally:
            connection.close()
        return done

    def read(_number: int) -> list[tuple[UUID, int]]:
        cursor, found = start, []
        together.wait()
        try:
            while True:
                last = over.is_set()
                news = news_of(layer.pk, canvas.pk, cursor)
                found += [(change.id, change.revision) for change in news.changes]
                cursor = read_cursor(str(news.cursor))
                if last:
                    return found
        finally:
            connection.close()

    with ThreadPoolExecutor(writers + readers) as pool:
        reading = [pool.submit(read, number) for number in range(readers)]
        writing = [pool.submit(write, number) for number in range(writers)]
        wrote = set().union(*(one.result() for one in writing))
        over.set()
        read_by = [one.result() for one in reading]
    assert len(wrote) == writers * each == 1000
    latest = {}
    for pk, revision in wrote:
        latest[pk] = max(revision, latest.get(pk, 0))
    for found in read_by:
        assert len(found) == len(set(found)), "something was told twice"
        assert set(latest.items()) <= set(found), "something was lost"
        assert set(found) <= wrote, "something was told that never was"


# --- the cursor ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["1", "0123456789ab", "0123456789ab.1.1:2", "0123456789ab.1.0:2:", "0123456789ab.1.5:2:",
     "0123456789ab.1.5:9:4", "0123456789ab.1.5:9:7,6", "0123456789ab.1.5:9:9", "0123456789ab.1.5:9:6,", "x" * 5000,
     "0123456789ab.1.5:9:6'; DROP TABLE x", "０123456789ab.1.5:9:6", "\x00"],
)  # fmt: skip
def test_a_cursor_that_we_have_not_written_is_refused(word, ask):
    with pytest.raises(Malformed):
        read_cursor(word)
    assert (ask(word).status_code, ask(word).json()["code"]) == (400, "bad-cursor")


@pytest.mark.parametrize("snapshot", ["5:9:", "5:9:5,8", "7:7:"])
def test_a_cursor_comes_back_from_its_word(snapshot):
    cursor = Cursor("0123456789ab", 17, snapshot)
    assert read_cursor(str(cursor)) == cursor


def test_a_cursor_of_another_database_or_of_long_ago_says_so(layer, canvas, ask):
    now = news_of(layer.pk, canvas.pk, None).cursor
    elsewhere = Cursor("0" * 12, now.at, now.snapshot)
    ahead = Cursor(now.where, now.at, f"{now.end + 10**6}:{now.end + 10**6}:")
    old = Cursor(now.where, now.at - int(KEPT_FOR.total_seconds()) - 5, now.snapshot)
    for cursor, code in (
        (elsewhere, "cursor-elsewhere"),
        (ahead, "cursor-elsewhere"),
        (old, "cursor-too-old"),
    ):
        answer = ask(str(cursor))
        assert (answer.status_code, answer.json()["code"]) == (410, code)


def test_rows_restored_from_another_cluster_are_not_told_again_and_again(layer, canvas, owner):
    row = make(layer, canvas, owner)
    start = news_of(layer.pk, canvas.pk, None)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE annotation_annotation DISABLE TRIGGER annotation_note_change")
        cursor.execute("UPDATE annotation_annotation SET changed_in = %s", [10**15])
        cursor.execute("ALTER TABLE annotation_annotation ENABLE TRIGGER annotation_note_change")
    again = news_of(layer.pk, canvas.pk, start.cursor)
    assert seen(again) == []
    replace_annotation(row, said(canvas, 50), by=owner, revision=1)
    assert seen(news_of(layer.pk, canvas.pk, again.cursor)) == [(row.pk, 2, True)]


def test_who_has_missed_too_much_is_sent_to_the_whole(layer, canvas, monkeypatch):
    start = news_of(layer.pk, canvas.pk, None)
    annotate(layer, canvas, 3)
    monkeypatch.setattr("annotation.news.MOST_NEWS", 2)
    with pytest.raises(Gone, match="without a cursor"):
        news_of(layer.pk, canvas.pk, start.cursor)
    assert len(news_of(layer.pk, canvas.pk, None).changes) == 3


# --- over HTTP -------------------------------------------------------------------------------------


def test_an_answer_says_what_a_client_needs(ask, layer, canvas, owner, clefs):
    concept = clefs.concepts.order_by("preorder").first()
    document = {
        **said(canvas),
        "body": {"type": "SpecificResource", "source": concept.uri, "purpose": "classifying"},
    }
    row, _new = create_annotation(layer, document, by=owner, id=uuid4())
    answer = ask()
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["whole"], body["may_write"], body["may_manage"]) == (True, True, True)
    (change,) = body["changes"]
    assert change["id"] == str(row.pk)
    assert change["document"]["body"] == document["body"]
    assert (change["box"], change["points"]) == ([10, 20, 30, 40], [])
    assert change["concepts"] == [
        {"id": str(concept.pk), "uri": concept.uri, "label": change["concepts"][0]["label"]}
    ]
    assert (change["mine"], change["by"]) == (True, "Olga")


def test_nothing_new_costs_three_statements_whatever_stands_there(api, ask, layer, canvas, owner):
    annotate(layer, canvas, 50)
    cursor = ask().json()["cursor"]
    api.force_authenticate(owner)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = ask(cursor, client=str(uuid4()), holds=str(uuid4()))
    assert answer.json()["changes"] == []
    assert len(asked) <= 3, [query["sql"] for query in asked]
    assert not [query for query in asked if query["sql"].startswith(("INSERT", "UPDATE"))]


def test_the_number_of_statements_does_not_grow_with_the_news(ask, layer, canvas):
    cursor = ask().json()["cursor"]
    annotate(layer, canvas, 2)
    with CaptureQueriesContext(connection) as few:
        ask(cursor)
    annotate(layer, canvas, 40)
    with CaptureQueriesContext(connection) as many:
        assert len(ask(cursor).json()["changes"]) == 42
    assert len(few) == len(many)


def test_who_may_read_and_what_they_learn(ask, layer, canvas, owner, observer, stranger):
    make(layer, canvas, owner)
    assert ask(by=stranger).status_code == 404
    grant(observer, layer, Role.OBSERVER)
    body = ask(by=observer).json()
    assert (body["may_write"], body["may_manage"]) == (False, False)
    assert (body["changes"][0]["mine"], body["changes"][0]["by"]) == (False, "Olga")
    cursor = body["cursor"]
    revoke(observer, layer)
    assert ask(cursor, by=observer).status_code == 404
    Layer.objects.filter(pk=layer.pk).update(is_public=True)
    ask(client=str(uuid4()))
    body = ask(by=stranger, client=str(uuid4())).json()
    assert body["present"] == []
    assert body["changes"][0]["by"] is None


def test_the_layers_of_campaigns_are_refused_in_a_sentence(ask, layer):
    Layer.objects.filter(pk=layer.pk).update(kind=Layer.Kind.CONSENSUS)
    answer = ask()
    assert answer.status_code == 403
    assert "campaign" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["client", "holds"])
def test_a_name_that_is_no_uuid_is_refused(ask, name):
    assert ask(**{name: "me"}).status_code == 400


# --- who is here -----------------------------------------------------------------------------------


def test_people_see_each_other_and_what_they_hold(ask, layer, canvas, owner, manager):
    make(layer, canvas, owner)
    grant(manager, layer, Role.MANAGER)
    mine, theirs, held = str(uuid4()), str(uuid4()), str(uuid4())
    assert ask(client=mine).json()["present"] == []
    (olga,) = ask(by=manager, client=theirs, holds=held).json()["present"]
    assert (olga["name"], olga["holds"], olga["me"]) == ("Olga", None, False)
    (marc,) = ask(client=mine).json()["present"]
    assert (marc["name"], marc["holds"], marc["client"]) == ("Marc", held, theirs)
    assert {olga["seat"], marc["seat"]} == {0, 1}
    (window,) = [one for one in ask(client=str(uuid4())).json()["present"] if one["me"]]
    assert window["client"] == mine


def test_who_goes_frees_the_seat(api, ask, layer, canvas, owner, manager):
    make(layer, canvas, owner)
    grant(manager, layer, Role.MANAGER)
    mine, theirs = str(uuid4()), str(uuid4())
    ask(client=mine)
    ask(by=manager, client=theirs)
    path = f"/api/v1/layers/{layer.pk}/canvases/{canvas.pk}/changes/"
    assert api.delete(f"{path}?client={mine}").status_code == 204
    assert len(ask(by=manager, client=theirs).json()["present"]) == 1, "a seat is freed by its holder only"
    api.force_authenticate(owner)
    assert api.delete(f"{path}?client={mine}").status_code == 204
    assert ask(by=manager, client=theirs).json()["present"] == []


def test_of_presence_nothing_is_left_a_minute_later(ask, layer, canvas):
    ask(client=str(uuid4()))
    assert 0 < KEPT_S < 60
    key = f"presence:{layer.pk}:{canvas.pk}:0"
    assert cache.get(key)["name"] == "Olga"
    kept = cache._cache.get_client(None).ttl(cache.make_and_validate_key(key))
    assert 0 < kept <= KEPT_S


def test_without_a_cache_the_changes_go_on(ask, layer, canvas, owner, settings):
    cursor = ask().json()["cursor"]
    row = make(layer, canvas, owner)
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/valkey.sock?db=1",
        }
    }
    body = ask(cursor, client=str(uuid4())).json()
    assert ([change["id"] for change in body["changes"]], body["present"]) == ([str(row.pk)], [])
