"""Kinds of question: what an answer may say, and how each fault is named."""

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import questions
from campaigns.quality import Rule
from campaigns.questions import AnswerError, ConfigError, Said, Truth, flag, identify, locate, tag

HARE, RABBIT, OTHER = (str(UUID(int=n)) for n in (1, 2, 3))
ALLOWED = {HARE, RABBIT}
CANVAS = (1000.0, 800.0)


def shape(**changes):
    return {"id": str(uuid4()), "box": [10, 20, 30, 40], "concepts": [HARE], "origin": "drawn", **changes}


def check(kind, answer, *, config=None, region=None):
    return kind.validate_answer(
        answer, config=config or {}, canvas_size=CANVAS, allowed_concepts=ALLOWED, region=region
    )


def refusal(kind, answer, **options):
    with pytest.raises(AnswerError) as caught:
        check(kind, answer, **options)
    assert caught.value.sentence == str(caught.value)
    assert caught.value.sentence.endswith(".")
    return caught.value.pointer, caught.value.code


def test_every_kind_has_the_same_shape():
    for name, kind in questions.KINDS.items():
        assert name == kind.KIND
        assert kind.LABEL
        config = kind.validate_config({})
        assert kind.validate_config(config) == config
        answer, places = kind.as_answer([])
        assert (answer["nothing_here"], places) == (True, [])
        if not kind.TRAITS.takes_nothing:
            assert refusal(kind, answer) == ("/nothing_here", "not-asked")
            answer = {"concepts": [HARE]} if kind.TRAITS.answers else {}
        assert kind.compare(*[check(kind, answer)] * 2) == 1
        assert len(kind.marks(check(kind, answer))) == len(answer.get("concepts", []))
    methods = [method for kind in questions.KINDS.values() for method in _methods(kind)]
    assert len(set(methods)) == len(methods) == 2 * len(questions.KINDS)
    assert questions.get_kind("locate") is locate
    with pytest.raises(ConfigError, match="There is no kind"):
        questions.get_kind("transcribe")


def _methods(kind):
    return kind.TRAITS.method, kind.TRAITS.tree_method


def test_an_answer_comes_down_to_marks():
    drawn = check(locate, {"shapes": [shape()]})
    (box,) = locate.marks(drawn)
    assert (box.id, box.box, box.concepts, box.origin) == (
        drawn["shapes"][0]["id"], (10, 20, 30, 40), (HARE,), "drawn",
    )  # fmt: skip
    (label,) = tag.marks(check(tag, {"concepts": [HARE]}))
    assert (label.id, label.box, label.concepts) == (None, None, (HARE,))


def test_a_merge_names_the_rows_that_it_was_made_of():
    said = Said(
        people=("ann", "bob", "cleo"),
        person=("ann", "bob", "cleo"),
        boxes=((10.0, 10.0, 20.0, 20.0), (11.0, 10.0, 20.0, 20.0), (500.0, 500.0, 20.0, 20.0)),
        concepts=((HARE,), (HARE,), (RABBIT,)),
    )
    boxes = locate.merge(said, config={}, rule=Rule(), tree=None)
    assert [(item.members, item.concepts) for item in boxes] == [((0, 1), (HARE,)), ((2,), (RABBIT,))]
    (label,) = tag.merge(said, config={}, rule=Rule(), tree=None)
    assert (label.members, label.concepts, label.seen) == ((0, 1), (HARE,), 3)


def test_what_stands_after_a_review_is_an_answer():
    standing = [Truth(id=str(uuid4()), box=(1.0, 2.0, 3.0, 4.0), concepts=(HARE, RABBIT))]
    answer, places = tag.as_answer(standing)
    assert (answer["concepts"], places) == ([HARE, RABBIT], [0, 0])
    answer, places = locate.as_answer(standing)
    assert (answer["shapes"][0]["box"], places) == ([1, 2, 3, 4], [0])


def test_settings_are_completed_and_keep_their_prompt():
    config = locate.validate_config({"many": True, "prompt": {"en": " Draw every clef ", "fr": ""}})
    assert config == {
        "shapes": "box",
        "many": True,
        "required_label": True,
        "max_shapes": 1000,
        "coarser_counts": False,
        "find_similar": True,
        "certainty": False,
        "prompt": {"en": "Draw every clef"},
    }


@pytest.mark.parametrize(
    ("config", "pointer", "code"),
    [
        ({"mnay": True}, "/mnay", "unknown-setting"),
        ({"many": 1}, "/many", "wrong-type"),
        ({"max_shapes": True}, "/max_shapes", "wrong-type"),
        ({"max_shapes": 0}, "/max_shapes", "too-small"),
        ({"prompt": "Draw"}, "/prompt", "not-an-object"),
        ({"prompt": {"en": 3}}, "/prompt/en", "wrong-type"),
        ({"prompt": {"en": "x" * 501}}, "/prompt/en", "too-long"),
        ([], "", "not-an-object"),
    ],
)
def test_settings_that_make_no_sense(config, pointer, code):
    with pytest.raises(ConfigError) as caught:
        locate.validate_config(config)
    assert (caught.value.pointer, caught.value.code) == (pointer, code)


def test_an_answer_comes_back_in_its_normal_form():
    given_id = str(uuid4())
    answer = check(
        locate,
        {
            "shapes": [shape(id=given_id.upper(), box=[0, 0, 1000, 800], origin="edited", prediction=OTHER)],
            "comment": " odd page ",
            "rejected_predictions": [RABBIT],
            "time_spent_s": 4.2,
        },
    )
    assert answer == {
        "nothing_here": False,
        "shapes": [
            {
                "id": given_id, "box": [0.0, 0.0, 1000.0, 800.0], "concepts": [HARE], "origin": "edited",
                "prediction": OTHER,
            }
        ],
        "comment": "odd page",
        "rejected_predictions": [RABBIT],
    }  # fmt: skip
    assert check(locate, answer) == answer


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"id": "x"}, "/id", "not-an-id"),
        ({"id": None}, "/id", "not-an-id"),
        ({"box": None}, "/box", "not-a-box"),
        ({"box": [1, 2, 3]}, "/box", "not-a-box"),
        ({"box": [1, 2, "3", 4]}, "/box/2", "not-a-number"),
        ({"box": [1, 2, True, 4]}, "/box/2", "not-a-number"),
        ({"box": [float("nan"), 2, 3, 4]}, "/box/0", "not-finite"),
        ({"box": [1, 2, float("inf"), 4]}, "/box/2", "not-finite"),
        ({"box": [1, 2, 10**400, 4]}, "/box/2", "not-finite"),
        ({"box": [1, 2, 0, 4]}, "/box", "box-without-area"),
        ({"box": [1, 2, 3, -4]}, "/box", "box-without-area"),
        ({"box": [-0.02, 0, 5, 5]}, "/box", "box-outside-canvas"),
        ({"box": [990, 0, 10.02, 5]}, "/box", "box-outside-canvas"),
        ({"box": [0, 795, 5, 6]}, "/box", "box-outside-canvas"),
        ({"concepts": []}, "/concepts", "label-missing"),
        ({"concepts": [OTHER]}, "/concepts/0", "unknown-concept"),
        ({"concepts": ["hare"]}, "/concepts/0", "not-an-id"),
        ({"concepts": HARE}, "/concepts", "not-a-list"),
        ({"concepts": [HARE, RABBIT]}, "/concepts", "too-many-labels"),
        ({"concepts": [HARE, HARE]}, "/concepts/1", "repeated"),
        ({"origin": "guessed"}, "/origin", "unknown-origin"),
        ({"origin": ["drawn"]}, "/origin", "unknown-origin"),
        ({"origin": "accepted"}, "/prediction", "origin-without-prediction"),
        ({"prediction": OTHER}, "/prediction", "prediction-without-origin"),
        ({"origin": "accepted", "prediction": 3}, "/prediction", "not-an-id"),
        ({"colour": "red"}, "/colour", "unknown-field"),
    ],
)
def test_each_fault_of_a_shape_is_named_at_its_place(changes, pointer, code):
    assert refusal(locate, {"shapes": [shape(box=[0, 0, 9, 9]), shape(**changes)]}) == (
        "/shapes/1" + pointer,
        code,
    )


@pytest.mark.parametrize(
    ("answer", "pointer", "code"),
    [
        ([], "", "not-an-object"),
        ({}, "/shapes", "empty-answer"),
        ({"shapes": {}}, "/shapes", "not-a-list"),
        ({"shapes": [3]}, "/shapes/0", "not-an-object"),
        ({"nothing_here": "yes"}, "/nothing_here", "wrong-type"),
        ({"nothing_here": True, "shapes": [shape()]}, "/nothing_here", "contradiction"),
        ({"shapes": [shape()], "concepts": [HARE]}, "/concepts", "not-asked"),
        ({"shapes": [shape(), shape()]}, "/shapes/1", "duplicate-box"),
        ({"shapes": [shape(id=OTHER), shape(id=OTHER, box=[0, 0, 5, 5])]}, "/shapes/1/id", "repeated"),
        ({"nothing_here": True, "comment": 3}, "/comment", "wrong-type"),
        ({"nothing_here": True, "comment": "x" * 2001}, "/comment", "comment-too-long"),
        ({"nothing_here": True, "rejected_predictions": [3]}, "/rejected_predictions/0", "not-an-id"),
    ],
)
def test_each_fault_of_a_located_answer_is_named(answer, pointer, code):
    assert refusal(locate, answer) == (pointer, code)


def test_the_number_of_boxes_is_limited():
    shapes = [shape(box=[n, 0, 5, 5]) for n in range(3)]
    assert refusal(locate, {"shapes": shapes}, config={"max_shapes": 2}) == ("/shapes", "too-many-shapes")


def test_a_box_on_the_very_edge_is_taken_as_it_is():
    answer = check(locate, {"shapes": [shape(box=[-0.01, 0, 1000.02, 800.01])]})
    assert answer["shapes"][0]["box"] == [-0.01, 0, 1000.02, 800.01]


def test_labels_may_be_optional_or_several():
    unlabelled, both = [shape(concepts=[])], [shape(concepts=[HARE, RABBIT])]
    assert (
        check(locate, {"shapes": unlabelled}, config={"required_label": False})["shapes"][0]["concepts"] == []
    )
    assert check(locate, {"shapes": both}, config={"many": True})["shapes"][0]["concepts"] == [HARE, RABBIT]


def test_a_box_must_touch_the_region_asked_about():
    region = (100, 100, 50, 50)
    assert check(locate, {"shapes": [shape(box=[90, 90, 20, 20])]}, region=region)
    assert refusal(locate, {"shapes": [shape(box=[0, 0, 100, 100])]}, region=region) == (
        "/shapes/0/box",
        "box-outside-region",
    )


@pytest.mark.parametrize(
    ("answer", "pointer", "code"),
    [
        ({}, "/concepts", "empty-answer"),
        ({"concepts": [HARE], "nothing_here": True}, "/nothing_here", "contradiction"),
        ({"concepts": [HARE, RABBIT]}, "/concepts", "too-many-labels"),
        ({"concepts": [OTHER]}, "/concepts/0", "unknown-concept"),
        ({"concepts": [HARE], "shapes": [shape()]}, "/shapes", "not-asked"),
        ("hare", "", "not-an-object"),
    ],
)
def test_each_fault_of_a_tag_is_named(answer, pointer, code):
    assert refusal(tag, answer) == (pointer, code)


@pytest.mark.parametrize(
    ("answer", "pointer", "code"),
    [
        ({}, "/concepts", "empty-answer"),
        ({"nothing_here": True}, "/nothing_here", "not-asked"),
        ({"concepts": [HARE, RABBIT]}, "/concepts", "too-many-labels"),
        ({"concepts": [OTHER]}, "/concepts/0", "unknown-concept"),
        ({"concepts": [HARE], "shapes": [shape()]}, "/shapes", "not-asked"),
        (["yes"], "", "not-an-object"),
    ],
)
def test_each_fault_of_a_choice_is_named(answer, pointer, code):
    assert refusal(flag, answer) == (pointer, code)


@pytest.mark.parametrize(
    ("answers", "pointer", "code"),
    [
        ("yes", "/answers", "not-an-object"),
        ({"yes": HARE}, "/answers", "other-answers"),
        ({"yes": HARE, "no": RABBIT, "perhaps": OTHER}, "/answers", "other-answers"),
        ({"yes": HARE, "no": RABBIT, "unsure": 3}, "/answers/unsure", "not-an-id"),
        ({"yes": HARE, "no": RABBIT, "unsure": HARE}, "/answers", "repeated"),
    ],
)
def test_each_fault_of_the_answers_of_a_question_is_named(answers, pointer, code):
    with pytest.raises(ConfigError) as caught:
        flag.validate_config({"answers": answers})
    assert (caught.value.pointer, caught.value.code) == (pointer, code)


YES, NO, UNSURE = HARE, RABBIT, OTHER


@pytest.mark.parametrize(
    ("said", "merged"),
    [
        ([YES, YES, UNSURE], (YES,)),
        ([YES, NO, UNSURE], ()),
        ([YES, UNSURE], ()),
        ([YES, YES, UNSURE, UNSURE], ()),
        ([YES, UNSURE, UNSURE], (UNSURE,)),
        ([UNSURE], (UNSURE,)),
    ],
)
def test_who_cannot_tell_outweighs_nobody_but_by_a_majority(said, merged):
    people = tuple(range(len(said)))
    given = Said(
        people=people, person=people, boxes=(None,) * len(said), concepts=tuple((one,) for one in said)
    )
    (item,) = flag.merge(given, config={}, rule=Rule(), tree=None)
    assert (item.concepts, item.decided) == (merged, bool(merged))


@given(said=st.lists(st.sampled_from([YES, NO, UNSURE]), min_size=1, max_size=9))
def test_a_merged_choice_is_what_more_than_half_said(said):
    people = tuple(range(len(said)))
    given = Said(
        people=people, person=people, boxes=(None,) * len(said), concepts=tuple((one,) for one in said)
    )
    (item,) = flag.merge(given, config={}, rule=Rule(), tree=None)
    assert item.concepts == tuple(one for one in (YES, NO, UNSURE) if 2 * said.count(one) > len(said))
    assert (item.seen, sum(vote.count for vote in item.votes)) == (len(said), len(said))


def test_several_tags():
    answer = check(tag, {"concepts": [RABBIT, HARE.upper()]}, config={"many": True})
    assert answer["concepts"] == [HARE, RABBIT]
    config = {"many": True, "max_concepts": 1}
    assert refusal(tag, {"concepts": [RABBIT, HARE]}, config=config) == ("/concepts", "too-many-labels")


def test_likeness_of_located_answers():
    one = check(locate, {"shapes": [shape(), shape(box=[200, 0, 50, 50])]})
    same_place = check(locate, {"shapes": [shape(), shape(box=[200, 0, 50, 50], concepts=[RABBIT])]})
    fewer = check(locate, {"shapes": [shape(box=[11, 21, 30, 40])]})
    nothing = check(locate, {"nothing_here": True})
    assert locate.compare(one, one) == 1
    assert locate.compare(one, same_place) == 0.5
    assert locate.compare(one, fewer) == pytest.approx(2 / 3)
    assert locate.compare(one, nothing) == 0
    assert locate.compare(nothing, nothing) == 1


def test_likeness_of_tags():
    both, one = {"concepts": [HARE, RABBIT]}, {"concepts": [HARE]}
    assert tag.compare(both, one) == 0.5
    assert tag.compare(one, {"concepts": []}) == 0


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([HARE, OTHER]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["shapes", "concepts", "box", "id", "origin", "nothing_here", "comment", "prediction", "é/~"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(anything, st.sampled_from([locate, tag, flag, identify]))
def test_whatever_is_handed_in_is_taken_or_refused_with_a_reason(answer, kind):
    def read():
        try:
            return check(kind, answer), None
        except AnswerError as error:
            return None, error

    taken, error = read()
    if error is None:
        assert check(kind, taken) == taken
        json.dumps(taken, allow_nan=False)
    else:
        assert error.code
        assert error.pointer == "" or error.pointer.startswith("/")
