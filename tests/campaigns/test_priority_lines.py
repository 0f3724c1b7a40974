"""A table of priorities is read whatever a spreadsheet made of it, and every line that means nothing is told."""

import csv
import io
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.priority_lines import PriorityLine, read_lines


def read(text: str) -> list[PriorityLine]:
    return list(read_lines(io.StringIO(text, newline="")))


def said(text: str) -> list[tuple[int, str, float | None, str]]:
    return [(line.number, line.said, line.priority, line.reason) for line in read(text)]


KEY = "https://example.org/canvas/1"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{KEY},3\n", [(1, KEY, 3.0, "")]),
        (f"address,priority\r\n{KEY},-1.5\r\n", [(2, KEY, -1.5, "")]),
        (f"\ufeffpriority;label;canvas\n2,5;A page;{KEY}\n", [(2, KEY, 2.5, "")]),
        (f"priority\tname\n1e3\t{KEY}\n", [(2, KEY, 1000.0, "")]),
        (f"task,canvas,address,priority\n,,{KEY},1\n", [(2, KEY, 1.0, "")]),
        (f'"{KEY}?a=1,2",4\n\n', [(1, f"{KEY}?a=1,2", 4.0, "")]),
        (f"{KEY}\n,5\n{KEY},high\n{KEY},nan\n{KEY},1_0\n{KEY},inf\n", [
            (1, KEY, None, "no-number"), (2, "", 5.0, "no-key"), (3, KEY, None, "no-number"),
            (4, KEY, None, "no-number"), (5, KEY, None, "no-number"), (6, KEY, None, "no-number"),
        ]),
        ("", []),
        ("\n\n  \n", []),
        ("a\x00b,1\n", [(1, "a\ufffdb", 1.0, "")]),
        (f"{'x' * 200_000},1\n{KEY},2\n", [(1, "", None, "unreadable"), (2, KEY, 2.0, "")]),
    ],
)  # fmt: skip
def test_what_a_line_says(text: str, lines: list[tuple[int, str, float | None, str]]) -> None:
    assert said(text) == lines


def test_an_id_is_known_as_one() -> None:
    key = uuid4()
    (line,) = read(f"{key},1\n")
    assert line.key == key


@given(st.lists(st.tuples(st.text(min_size=1), st.floats(allow_nan=False, allow_infinity=False)), min_size=1))
def test_what_is_written_is_read(rows: list[tuple[str, float]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["id", "priority"])
    writer.writerows([key, repr(number)] for key, number in rows)
    found = list(read_lines(io.StringIO(text.getvalue(), newline="")))
    # A line without an image is laid aside, one with nothing but spaces too; numbers are as they were.
    assert [line.priority for line in found] == [number for _key, number in rows]
    assert [line.said for line in found if not line.reason] == [
        key.replace("\x00", "\ufffd").strip() for key, _number in rows if key.strip()
    ]


@given(st.text())
def test_nothing_is_raised_for_any_text(text: str) -> None:
    assert all(line.number >= 1 for line in read(text))
