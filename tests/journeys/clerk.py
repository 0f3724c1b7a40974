"""Runs management commands for a site, each in a process of its own that need not load everything anew.

Started as `python -m tests.journeys.clerk`. Reads a JSON object a line, `{"words": […], "input": "…"}`, and answers
each with `{"code": 0, "said": "…", "complained": "…"}`. A command runs in a copy of this process, so that none finds
what another has left in memory.
"""

import io
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from select import select
from typing import TextIO

import django
from django.core.management import execute_from_command_line

# The longest that a command may take: the demonstration on a busy machine.
PATIENCE_S = 300


def ask(clerk: "subprocess.Popen[str]", words: Sequence[str], given: str) -> str:
    """What the command prints; that it fails, fails the test."""
    assert clerk.stdin is not None
    assert clerk.stdout is not None
    clerk.stdin.write(json.dumps({"words": words, "input": given}) + "\n")
    clerk.stdin.flush()
    assert select([clerk.stdout], [], [], PATIENCE_S)[0], f"`manage.py {words[0]}` did not end"
    answer = json.loads(clerk.stdout.readline())
    assert answer["code"] == 0, answer["said"] + answer["complained"]
    return str(answer["said"])


def run(words: list[str], given: str) -> dict[str, object]:
    """The command, as `manage.py` would run it."""
    said, complained = io.StringIO(), io.StringIO()
    code: object = 0
    sys.stdin = io.StringIO(given)
    with redirect_stdout(said), redirect_stderr(complained):
        try:
            execute_from_command_line(["manage.py", *words])
        except SystemExit as end:
            code = end.code or 0
        except BaseException:  # noqa: BLE001 - whatever it is, whoever asked hears of it
            traceback.print_exc()
            code = 1
    return {"code": code, "said": said.getvalue(), "complained": complained.getvalue()}


def serve(answers: TextIO) -> None:
    """One command after the other, as long as somebody asks."""
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        if (copy := os.fork()) == 0:
            answers.write(json.dumps(run(asked["words"], asked["input"])) + "\n")
            answers.flush()
            os._exit(0)
        if status := os.waitpid(copy, 0)[1]:
            answers.write(json.dumps({"code": status, "said": "", "complained": "it was killed"}) + "\n")
            answers.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a command says past Python goes into the site's log
    serve(answers)
