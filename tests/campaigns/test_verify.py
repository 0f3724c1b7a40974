"""The kind *verify*: an answer says accepted, corrected or rejected of what was shown, and nothing else."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality import Rule
from campaigns.questions import About, AnswerError, ConfigError, Said, Truth, get_kind, verify

HARE, RABBIT, SHOWN, OTHER = (str(UUID(int=n)) for n in (1, 2, 3, 4))
CANVAS = (1000.0, 800.0)
BOX = (10.0, 20.0, 30.0, 40.0)
ABOUT = About(id=SHOWN, box=BOX, concepts=(HARE,))


def shape(origin="accepted", **changes):
    return {
        "id": str(uuid4()), "box": list(BOX), "concepts": [HARE], "origin": origin, "prediction": SHOWN, **changes,
    }  # fmt: skip


def accepted(**changes):
    return {"shapes": [shape(**changes)]}


def rejected(*ids):
    return {"nothing_here": True, "rejected_predictions": list(ids or (SHOWN,))}


def check(answer, *, about=ABOUT, config=None, region=BOX, moved_on=False):
    config = verify.validate_config(config or {})
    read = verify.validate_answer(
        answer, config=config, canvas_size=CANVAS, allowed_concepts={HARE, RABBIT}, region=region
    )
    verify.check_judgement(read, about, config=config, moved_on=moved_on)
    return read


def refusal(answer, **options):
    with pytest.raises(AnswerError) as caught:
        check(answer, **options)
    assert caught.value.sentence.endswith(".")
    return caught.value.pointer, caught.value.code


def test_settings():
    assert verify.validate_config({})["show"] == "one"
    assert verify.validate_config({"show": "grid", "grid": 60})["grid"] == 60
    for wrong, code in (
        ({"show": "wall"}, "unknown-choice"),
        ({"grid": 61}, "too-large"),
        ({"x": 1}, "unknown-setting"),
    ):
        with pytest.raises(ConfigError) as caught:
            verify.validate_config(wrong)
        assert caught.value.code == code


def test_accepted_corrected_rejected():
    assert check(accepted())["shapes"][0]["origin"] == "accepted"
    assert check(accepted(origin="edited", box=[12, 20, 30, 40], concepts=[RABBIT]))["shapes"][0]["box"] == [
        12,
        20,
        30,
        40,
    ]
    assert check(rejected())["rejected_predictions"] == [SHOWN]
    assert [mark.prediction for mark in verify.marks(check(accepted()))] == [SHOWN]
    assert verify.marks(check(rejected())) == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({}, ("/shapes", "empty-answer")),
        ({"shapes": [shape(), shape()]}, ("/shapes/1", "too-many-shapes")),
        ({"shapes": "all"}, ("/shapes", "not-a-list")),
        ({"shapes": [7]}, ("/shapes/0", "not-an-object")),
        ({"nothing_here": True}, ("/rejected_predictions", "not-as-asked")),
        (rejected(OTHER), ("/rejected_predictions", "not-as-asked")),
        (rejected(SHOWN, OTHER), ("/rejected_predictions", "not-as-asked")),
        ({**accepted(), "nothing_here": True}, ("/nothing_here", "contradiction")),
        ({**accepted(), "rejected_predictions": [SHOWN]}, ("/rejected_predictions", "contradiction")),
        (accepted(prediction=OTHER), ("/shapes/0/prediction", "not-as-asked")),
        (accepted(origin="drawn", prediction=None), ("/shapes/0/prediction", "not-as-asked")),
        (accepted(box=[11, 20, 30, 40]), ("/shapes/0", "not-as-shown")),
        (accepted(concepts=[RABBIT]), ("/shapes/0", "not-as-shown")),
        (accepted(concepts=[]), ("/shapes/0", "not-as-shown")),
        (accepted(origin="edited", box=[900, 700, 30, 40]), ("/shapes/0/box", "box-outside-region")),
        (accepted(origin="edited", concepts=[HARE, RABBIT]), ("/shapes/0/concepts", "too-many-labels")),
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_its_place(answer, told):
    assert refusal(answer) == told


def test_settings_narrow_what_a_correction_may_be():
    edited = accepted(origin="edited", concepts=[])
    assert check(edited)
    assert refusal(edited, config={"required_label": True}) == ("/shapes/0/concepts", "label-missing")
    assert refusal(edited, config={"may_correct": False}) == ("/shapes/0/origin", "no-corrections")
    assert check(accepted(origin="edited", concepts=[HARE, RABBIT]), config={"many": True})


def test_what_is_accepted_keeps_the_labels_it_has():
    bare = About(id=SHOWN, box=BOX, concepts=())
    both = About(id=SHOWN, box=BOX, concepts=(HARE, RABBIT))
    assert check(accepted(concepts=[]), about=bare, config={"required_label": True})
    assert check(accepted(concepts=[RABBIT, HARE]), about=both)
    assert check(accepted(concepts=[RABBIT]), moved_on=True)
    assert check(accepted(box=[10.004, 20, 30, 39.996]))  # as clients round


def test_rejected_and_accepted_share_nothing_corrected_and_accepted_a_lot():
    yes, no = check(accepted()), check(rejected())
    assert (verify.compare(yes, no), verify.compare(no, no), verify.compare(yes, yes)) == (0, 1, 1)
    assert verify.compare(yes, check(accepted(origin="edited", box=[11, 20, 30, 40]))) == 1
    assert verify.compare(yes, check(accepted(origin="edited", concepts=[RABBIT]))) == 0


def test_the_merge_says_how_many_found_it_right():
    said = Said(people=("a", "b", "c"), person=("a", "b"), boxes=(BOX, BOX), concepts=((HARE,), (HARE,)))
    (item,) = verify.merge(said, config={}, rule=Rule(), tree=None)
    assert (item.voters, item.seen, item.concepts) == (2, 3, (HARE,))
    answer, places = verify.as_answer([Truth(id=str(uuid4()), box=BOX, concepts=(HARE,))])
    assert places == [0]
    read = verify.validate_answer(
        answer, config={"required_label": True}, canvas_size=CANVAS, allowed_concepts={HARE}, region=BOX
    )
    assert read["shapes"][0]["concepts"] == [HARE]


numbers = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-5, 2000)
junk = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5) | st.sampled_from([SHOWN, HARE, OTHER]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "box", "concepts", "origin", "prediction", "nothing_here"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(
    answer=st.fixed_dictionaries(
        {},
        optional={
            "nothing_here": junk,
            "shapes": junk,
            "rejected_predictions": junk,
            "comment": junk,
            "concepts": junk,
        },
    )
)
def test_whatever_is_sent_is_read_or_refused(answer):
    try:
        read = check(answer)
    except AnswerError as error:
        read = None
        told = error.code
    if read is None:
        assert told
    else:
        assert read["nothing_here"] != bool(read["shapes"])
        assert check(read) == read


def test_it_is_registered():
    assert get_kind("verify").TRAITS.judges
