"""Nothing is left in English: every text has its French, whole and typeset."""

import re
from gettext import GNUTranslations
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.frontend.catalogue import CATALOGUE, catalogue, wanted


def test_every_text_of_the_house_has_its_french() -> None:
    known = catalogue()
    missing = [(found.message, found.places[0]) for found in wanted() if found.message not in known]
    assert missing == [], "Write these into locale/fr/LC_MESSAGES/django.po"


def test_no_french_is_empty_or_a_guess() -> None:
    for text, message in catalogue().items():
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        assert not message.fuzzy, text
        assert all(strings), text
        assert len(strings) == (2 if isinstance(text, tuple) else 1), text


PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[sdg]")


def test_french_keeps_the_placeholders_and_the_links() -> None:
    for text, message in catalogue().items():
        originals = text if isinstance(text, tuple) else (text,)
        strings = (message.string,) if isinstance(message.string, str) else message.string
        offered = {found.group() for original in originals for found in PLACEHOLDER.finditer(original)}
        for string in strings:
            used = {found.group() for found in PLACEHOLDER.finditer(string)}
            assert used <= offered, f"{text!r} → {string!r}"
        assert {found.group() for found in PLACEHOLDER.finditer(strings[-1])} == offered, text
        for mark in ("<a ", "</a>", "<code>", "<span "):
            assert strings[-1].count(mark) == originals[-1].count(mark), text


def test_french_is_typeset() -> None:
    """Narrow no-break spaces before ; ! ? and inside « », a no-break space before :, typographic apostrophes."""
    for message in catalogue().values():
        for string in [message.string] if isinstance(message.string, str) else message.string:
            words = re.sub(r"<[^>]*>|https?://\S*|`[^`]*`", "", string)
            assert not re.search(r"[^\s\u202f\u00a0] [;!?:»]|« |\w'\w", words), string
            assert not re.search(r"\w[;!?»]", words), string


def test_the_catalogue_compiles() -> None:
    with CATALOGUE.open("rb") as source:
        compiled = BytesIO()
        write_mo(compiled, read_po(source, locale="fr", abort_invalid=True))
    compiled.seek(0)
    translation = GNUTranslations(compiled)
    assert translation.gettext("Campaigns") == "Campagnes"
