"""The picture of the map: where each cell lies, what fills it, and the signs that tell without colour."""

from typing import Any

from frontend.cells import IN_A_ROW, MOST_HEADINGS, PITCH, SIDE, map_of

STATES = ("waiting", "begun", "held", "retired", "aside", "decided")


def row(state: str = "waiting", *, manifest: str = "a", tasks: int = 1, **counts: int) -> dict[str, Any]:
    found = {**dict.fromkeys(STATES, 0), **(counts or {state: tasks})}
    return {
        **found,
        "tasks": tasks,
        "manifest": manifest,
        "source": f"Book {manifest}",
        "page": "1r",
        "since": 1,
        "until": 2,
    }


def said(moment: int) -> str:
    return f"0{moment}:00"


def test_cells_stand_in_rows_under_their_source() -> None:
    rows = [row(manifest="a"), *(row(manifest="b") for _ in range(IN_A_ROW + 1)), row(manifest="a")]
    drawn = map_of(rows, said)
    assert [heading.text for heading in drawn.headings] == ["Book a", "Book b"]
    assert [cell.x for cell in drawn.cells[:3]] == [0, PITCH, 0], (
        "what comes later of a source stands with it"
    )
    assert drawn.cells[-1].y - drawn.cells[2].y == PITCH
    assert drawn.height >= drawn.cells[-1].y + SIDE


def test_many_sources_have_no_headings() -> None:
    drawn = map_of([row(manifest=str(number)) for number in range(MOST_HEADINGS + 1)], said)
    assert drawn.headings == ()


def test_no_two_states_look_alike_without_colour() -> None:
    for tasks in (1, 4):
        cells = map_of([row(state, tasks=tasks) for state in STATES], said).cells
        signs = {(cell.marks, tuple((fill.width, fill.height) for fill in cell.fills)) for cell in cells}
        assert len(signs) == len(STATES)


def test_a_run_is_filled_by_its_parts_from_the_bottom() -> None:
    (cell,) = map_of([row(tasks=4, decided=1, retired=1, held=1, waiting=1)], said).cells
    assert [(fill.key, fill.y, fill.height) for fill in cell.fills] == [
        ("b", 15, 5),
        ("d", 10, 5),
        ("a", 5, 5),
    ]
    assert cell.marks == ("held",)
    assert cell.title == (
        "Book a, 1r and 3 more: 1 waiting, 1 in hand, 1 seen by enough people, 1 decided (since 01:00, until 02:00)"
    )


def test_a_task_says_who_has_it_until_when() -> None:
    (cell,) = map_of([row("held")], said).cells
    assert cell.title == "Book a, 1r: in hand (since 01:00, until 02:00)"
