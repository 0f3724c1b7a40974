"""The small parts of the embedded services: users, locks, ports, log lines, announcements."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.embedded import Refusal, Urls, running
from config.embedded.account import Account, account_for, closed_way, hand_over
from config.embedded.announcement import LOCK, announce, withdraw
from config.embedded.lock import Lock, is_held
from config.embedded.port import Probe, reserve
from config.embedded.processes import is_running, mark_of, marked, spawn
from config.embedded.stream import Stream, wants_colour
from config.embedded.supervisor import describe

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
SOMEBODY = Account("somebody", 54321, 54321)


# --- users ---


def test_an_ordinary_user_stays_who_she_is(folder, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert account_for(folder) is None


def test_root_takes_the_user_that_is_wished_for(folder, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("RUBRICATOR_USER", "daemon")
    assert account_for(folder).name == "daemon"
    for wrong in ("root", "no-such-user"):
        monkeypatch.setenv("RUBRICATOR_USER", wrong)
        with pytest.raises(Refusal, match=wrong):
            account_for(folder)


def test_the_first_closed_folder_is_named(folder):
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    for place in (folder, folder / "a", inner):
        place.chmod(0o711)
    assert closed_way(inner, SOMEBODY) is None
    (folder / "a").chmod(0o700)
    assert closed_way(inner, SOMEBODY) == (folder / "a").resolve()
    (folder / "a").chmod(0o711)
    (inner / "secret").touch(mode=0o600)
    assert closed_way(inner / "secret", SOMEBODY) == (inner / "secret").resolve()


@AS_ROOT
def test_only_what_is_ours_is_handed_over(folder):
    mine, outside = folder / "mine", folder / "outside"
    mine.mkdir()
    outside.write_text("precious")
    (mine / "link").symlink_to(outside)
    os.link(outside, mine / "second name")
    (mine / "plain").write_text("")
    hand_over(mine, SOMEBODY)
    assert mine.stat().st_uid == (mine / "plain").stat().st_uid == SOMEBODY.uid
    assert outside.stat().st_uid == 0
    assert folder.stat().st_uid == 0


@AS_ROOT
def test_a_process_is_really_somebody_else_and_loses_its_groups(folder):
    reader, writer = os.pipe()
    script = "import os; print(os.getresuid(), os.getresgid(), os.getgroups())"
    spawn(["/usr/bin/python3", "-c", script], mark="m", account=SOMEBODY, output=writer, cwd=Path("/")).wait()
    os.close(writer)
    with os.fdopen(reader) as said:
        assert said.read().strip() == f"{(SOMEBODY.uid,) * 3} {(SOMEBODY.gid,) * 3} {[SOMEBODY.gid]}"


# --- locks and announcements ---


def test_a_lock_names_its_holder_and_ends_with_him(folder):
    holder = subprocess.Popen(
        [sys.executable, "-c", ("import fcntl, os, sys\nf = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX)\n"
         "f.write(str(os.getpid())); f.flush(); print(flush=True); input()"), folder / "lock"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    holder.stdout.readline()
    lock = Lock(folder / "lock")
    assert is_held(folder / "lock")
    with pytest.raises(Refusal, match=rf"busy \(process {holder.pid}\)"):
        lock.take("busy", patience_s=0.1)
    holder.kill()
    holder.communicate()
    lock.take("busy")
    lock.take("busy")
    assert is_held(folder / "lock")
    lock.release()
    assert not is_held(folder / "lock")


def test_what_is_announced_is_believed_only_while_the_lock_is_held(folder):
    urls = Urls("postgresql://x", "unix:///y", "http://localhost:1")
    assert running(folder) is None
    lock = Lock(folder / LOCK)
    lock.take("")
    assert running(folder) is None
    announce(folder, urls)
    assert running(folder) == urls
    assert (folder / "running.json").stat().st_mode & 0o077 == 0
    lock.release()
    assert running(folder) is None, "left behind by a killed supervisor"
    lock.take("")
    (folder / "running.json").write_text("{half")
    assert running(folder) is None
    withdraw(folder)
    withdraw(folder)
    lock.release()


# --- ports ---


def test_a_taken_port_is_not_shared(free_port):
    first = reserve("127.0.0.1", free_port)
    second = reserve("127.0.0.1", free_port)
    assert (first.port, second.port > free_port) == (free_port, True)
    # Our own web server may join: it listens with SO_REUSEPORT.
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", free_port))
        server.listen()
        assert reserve("127.0.0.1", free_port).port > free_port
        for _ in range(20):  # and gets every connection
            with socket.create_connection(("127.0.0.1", free_port), timeout=2):
                server.accept()[0].close()
    first.release()
    again = reserve("127.0.0.1", free_port)
    assert again.port == free_port, "connections that are just closing do not count"
    again.release()
    second.release()


def test_a_port_that_another_server_listens_on_is_taken(free_port):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", free_port))
        other.listen()
        reservation = reserve("127.0.0.1", free_port)
        assert reservation.port > free_port
        reservation.release()


def test_a_port_with_closing_connections_goes_to_one_of_many(free_port):
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", free_port))
        server.listen()
        with socket.create_connection(("127.0.0.1", free_port), timeout=2) as caller:
            server.accept()[0].close()  # who closes first, waits
            caller.recv(1)
    with ThreadPoolExecutor(8) as together:
        held = list(together.map(lambda _: reserve("127.0.0.1", free_port), range(64)))
    try:
        assert len({reservation.port for reservation in held}) == 64
        assert min(reservation.port for reservation in held) == free_port
    finally:
        for reservation in held:
            reservation.release()


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(Refusal, match=r"192\.0\.2\.1"):
        reserve("192.0.2.1", 12345)


def test_the_probe_never_waits(free_port):
    probe = Probe("127.0.0.1", free_port)
    assert not probe.answered(), "nobody listens"
    with socket.create_server(("127.0.0.1", free_port)) as server:
        assert not probe.answered(), "nobody answers"
        connection, _ = server.accept()
        assert connection.recv(1000).startswith(b"GET /healthz HTTP/1.1\r\n")
        connection.close()
        assert not probe.answered(), "closed without an answer: it asks again"
        assert not probe.answered()
        connection, _ = server.accept()
        connection.sendall(b"HTTP/1.1 500 Oh\r\n\r\n")
        time.sleep(0.05)
        assert probe.answered(), "any answer is one"
        connection.close()


# --- the log ---


def test_lines_carry_the_name_of_who_said_them():
    target = io.StringIO()
    stream = Stream(target, {})
    web = stream.pipe("web", chatter="noise")
    assert stream.pipe("web") == web
    os.write(web, b"one\ntw")
    stream.pump(1)
    os.write(web, b"o\r\nnoise as ever\n\xff\n")
    stream.pump(1)
    os.write(web, b"unfinished")
    stream.close()
    assert target.getvalue().splitlines() == [
        f"web        │ {line}" for line in ("one", "two", "�", "unfinished")
    ]


def test_colour_follows_the_conventions():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert wants_colour(Terminal(), {})
    assert not wants_colour(Terminal(), {"NO_COLOR": "1"})
    assert not wants_colour(Terminal(), {"TERM": "dumb"})
    assert not wants_colour(io.StringIO(), {})
    assert wants_colour(io.StringIO(), {"FORCE_COLOR": "1"})
    target = Terminal()
    stream = Stream(target, {})
    stream.say("hello")
    stream.close()
    assert target.getvalue() == "\x1b[31mrubricator │\x1b[0m hello\n"


def test_a_reader_who_went_away_is_noticed():
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    stream = Stream(Gone(), {})
    stream.say("hello")
    assert stream.closed
    stream.close()


def test_a_terminal_that_cannot_write_an_accent_still_gets_the_line():
    raw = io.BytesIO()
    stream = Stream(io.TextIOWrapper(raw, encoding="ascii"), {})
    stream.say("été")
    stream.close()
    assert raw.getvalue() == b"rubricator ? ?t?\n"


# --- processes ---


def test_what_carries_our_mark_is_found_and_strangers_are_not(folder):
    mark = mark_of(folder)
    ours = spawn([sys.executable, "-c", "input()"], mark=mark, cwd=folder)
    ours.wait()  # no input: it ended
    sleeper = spawn([sys.executable, "-c", "import time; time.sleep(60)"], mark=mark, cwd=folder)
    stranger = subprocess.Popen([sys.executable, "-c", "import sys; input()", mark], stdin=subprocess.PIPE)
    try:
        assert marked(mark, programs=("postgres",)) == [sleeper.pid]
        assert is_running(sleeper.pid)
    finally:
        sleeper.kill()
        stranger.communicate()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert not is_running(sleeper.pid), "a zombie does not run"
    assert marked(mark) == []
    sleeper.wait()


def test_two_folders_have_two_marks_and_a_link_has_the_same(folder):
    (folder / "a").mkdir()
    (folder / "b").symlink_to(folder / "a")
    assert mark_of(folder) != mark_of(folder / "a") == mark_of(folder / "b")


def test_a_program_that_is_missing_says_so(folder):
    with (folder / "log").open("wb") as log:
        process = spawn([folder / "nothing"], mark="m", output=log.fileno())
        assert process.wait() == 127
    assert "cannot be run" in (folder / "log").read_text()


def test_an_end_is_told_in_words():
    assert describe(-signal.SIGKILL) == "by signal SIGKILL"
    assert describe(3) == "exit code 3"
