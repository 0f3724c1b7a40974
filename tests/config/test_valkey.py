"""Valkey over a private socket keeps what it was told, and never keeps the house from starting."""

import os
import signal

import pytest
import redis

from config.embedded import Refusal
from config.embedded.valkey import Valkey


def client(valkey: Valkey) -> redis.Redis:
    return redis.Redis.from_url(valkey.cache_url)


def test_it_answers_django_and_celery_in_a_folder_with_a_difficult_name(folder):
    from kombu import Connection

    with Valkey(folder / "vk") as valkey:
        with client(valkey) as cache:
            cache.set("word", "été", ex=60)
            assert cache.get("word").decode() == "été"
            assert cache.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            assert cache.config_get("port") == {"port": "0"}
        with Connection(valkey.celery_url) as broker:
            broker.SimpleQueue("q").put({"n": 1})
            assert broker.SimpleQueue("q").get(timeout=2).payload == {"n": 1}


def test_only_its_user_reaches_it(folder):
    with Valkey(folder / "vk") as valkey:
        assert valkey.socket_path.stat().st_mode & 0o077 == 0
        assert valkey.socket_folder.stat().st_mode & 0o077 == 0
        if os.geteuid() == 0:
            assert valkey.socket_path.stat().st_uid != 0


def test_what_was_written_survives_a_kill(folder):
    with Valkey(folder / "vk") as valkey:
        with client(valkey) as before:
            before.rpush("queue", "message")
        os.kill(valkey.process.pid, signal.SIGKILL)
        valkey.process.wait()
        assert not valkey.alive()
        valkey.start()
        with client(valkey) as after:
            assert after.lpop("queue") == b"message"


def test_a_log_that_it_cannot_read_is_set_aside(folder):
    valkey = Valkey(folder / "vk")
    valkey.start()
    with client(valkey) as before:
        before.set("a", "b")
    valkey.stop()
    for part in (valkey.store / "appendonlydir").glob("*.aof"):
        part.write_bytes(b"*3\r\n$nonsense\r\n" * 5)
    with valkey, client(valkey) as after:
        assert after.get("a") is None
    assert (valkey.store / "unreadable-1").is_dir(), "nothing is thrown away"


def test_a_second_one_on_the_same_folder_is_refused(folder):
    with Valkey(folder / "vk"), pytest.raises(Refusal, match="already running"):
        Valkey(folder / "vk").start()


def test_a_long_path_gets_a_short_socket_folder(folder):
    with Valkey(folder / ("é" * 60) / "vk") as valkey:
        assert len(os.fsencode(valkey.socket_path)) < 104
        with client(valkey) as cache:
            assert cache.ping()
