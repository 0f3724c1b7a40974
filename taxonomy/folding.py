"""Folds text for searching and for sorting, since the database has neither ICU nor an accent-blind index."""

import re
import unicodedata

# Letters that Unicode does not decompose, under the letters people type instead.
_LETTERS = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ĸ": "k",
    "ŋ": "n",
    "ŧ": "t",
    "ß": "ss",
    "ƀ": "b",
    "ɨ": "i",
}
# Combining diacritics, Hebrew points and Arabic vowel signs: what a reader may leave out. The vowel signs of
# Indic scripts and the sound marks of kana are letters to their readers and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0655\u0670]"
)
# Apostrophes, hyphens and dashes, and the ordinary kinds of white space and control characters.
_GAPS = re.compile("['’‘‛ʼʻ′`´＇\u02b9\u2010-\u2015\u2212\uff0d\\-\\s\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")
_TABLE = str.maketrans(_LETTERS)
_PLAIN = re.compile("[a-z0-9]+(?: [a-z0-9]+)*")

# Letters with a place of their own in the alphabet; `{` follows `z` in code-point order.
_OWN_LETTERS = {
    "es": {"ñ": "n{"},
    "sv": {"å": "{a", "ä": "{b", "ö": "{c"},
    "fi": {"å": "{a", "ä": "{b", "ö": "{c"},
    "da": {"æ": "{a", "ø": "{b", "å": "{c"},
    "no": {"æ": "{a", "ø": "{b", "å": "{c"},
    "nb": {"æ": "{a", "ø": "{b", "å": "{c"},
    "nn": {"æ": "{a", "ø": "{b", "å": "{c"},
    "pl": {
        "ą": "a{",
        "ć": "c{",
        "ę": "e{",
        "ł": "l{",
        "ń": "n{",
        "ó": "o{",
        "ś": "s{",
        "ź": "z{",
        "ż": "z{{",
    },
}
_TAILORED = {language: str.maketrans(letters) for language, letters in _OWN_LETTERS.items()}


def fold(text: str) -> str:
    """Return `text` as search columns hold it: lower case, without accents, single spaces for gaps.

    `fold("L’Œuvre  d’Élodie") == "l oeuvre d elodie"`. Idempotent. Compatibility forms become ordinary ones
    (`ﬁ` → `fi`, full width → half); apostrophes, hyphens and white space become one space; other punctuation
    stays. Never contains NUL or a lone surrogate.
    """
    if _PLAIN.fullmatch(text):
        return text
    if text.isascii():
        return _GAPS.sub(" ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = _MARKS.sub("", _INVISIBLE.sub("", _GAPS.sub(" ", decomposed.translate(_TABLE))))
    # Recomposed, so that Hangul and kana are searched by syllable.
    return _GAPS.sub(" ", unicodedata.normalize("NFC", bare)).strip()


def sort_key(text: str, language: str) -> str:
    """Return a key whose code-point order (collation `C`) is the reading order of `text` in `language`.

    Letters first, then accents, then case (lower before upper), then the text itself: the levels of the
    Unicode Collation Algorithm (UTS #10), word by word, apostrophes and hyphens as spaces. French and English
    are what it is for; Spanish, Polish and Nordic letters of their own stand where their readers expect them.
    Storable in PostgreSQL (levels are parted by U+001F, no NUL).
    """
    composed = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    tailored = _TAILORED.get(language.split("-")[0].lower())
    letters = composed.lower().translate(tailored) if tailored else composed
    accents = "".join(map(_accent, unicodedata.normalize("NFKD", composed.lower())))
    case = "".join("1" if letter.isupper() else "0" for letter in composed if letter.isalpha())
    return "\x1f".join((fold(letters), accents.rstrip("0"), case.rstrip("0"), _GAPS.sub(" ", composed)))


def _accent(letter: str) -> str:
    """Return nothing new for a plain letter, the mark itself for an accent: plain sorts before accented."""
    if _MARKS.match(letter):
        return letter
    return "1" if letter in _LETTERS else "0"
