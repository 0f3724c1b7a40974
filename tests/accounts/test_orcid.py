"""ORCID iDs: whatever form they come in, and never one whose check digit is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions import change_settings
from accounts.models import User
from accounts.orcid import check_digit, read_orcid
from problems import Invalid

# The examples of ORCID's own documentation of the structure.
KNOWN = ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"]


@pytest.mark.parametrize("orcid", KNOWN)
def test_an_id_is_read_in_every_form(orcid: str) -> None:
    plain = orcid.replace("-", "")
    for text in (
        orcid,
        f" {orcid} ",
        plain,
        f"https://orcid.org/{orcid}",
        f"http://www.orcid.org/{orcid}/",
        orcid.lower(),
    ):
        assert read_orcid(text) == orcid


def test_nothing_is_none() -> None:
    assert read_orcid("  ") == ""


@pytest.mark.parametrize(
    "text",
    ["0000-0002-1825-0098", "0000-0002-1825-009", "orcid", "٠٠٠٠-0002-1825-0097", "0000-0002-1825-00977"],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        read_orcid(text)


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(digits: str, place: int, shift: int) -> None:
    whole = digits + check_digit(digits)
    assert read_orcid(whole).replace("-", "") == whole
    wrong = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]
    with pytest.raises(ValueError, match="does not fit"):
        read_orcid(wrong)


def test_it_is_kept_by_choice_and_credited_by_choice(contributor: User) -> None:
    change_settings(by=contributor, pseudonym="Carl", language="", orcid="0000000218250097", is_credited=True)
    contributor.refresh_from_db()
    assert (contributor.orcid, contributor.is_credited) == (KNOWN[0], True)
    with pytest.raises(Invalid) as refused:
        change_settings(by=contributor, pseudonym="Carl", language="", orcid="0000000218250098")
    assert refused.value.pointer == "/orcid"
    change_settings(by=contributor, pseudonym="Carl", language="", orcid="", is_credited=True)
    contributor.refresh_from_db()
    assert (contributor.orcid, contributor.is_credited) == ("", False)
