"""Forms of the editor of vocabularies: a concept in its languages, its parts, a proposal, a version."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from taxonomy.actions.creating import LONGEST_TITLE
from taxonomy.models import Label, Note, Relation
from taxonomy.skos import MATCH_KINDS, ConceptValue, LabelValue, NoteValue
from taxonomy.skos.triples import language_tag
from taxonomy.skos.values import (
    LABEL_KINDS,
    LONGEST_LABEL,
    LONGEST_LANGUAGE,
    LONGEST_LICENCE,
    LONGEST_NOTATION,
    LONGEST_URI,
)

MOST_PARTS = 6
Said = TypeVar("Said")


class LanguageField(forms.CharField):
    """A BCP 47 tag, put into its usual case; the page offers the known ones in a list."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={
                "list": "languages",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        )
        super().__init__(
            **{"label": _("Language"), "max_length": LONGEST_LANGUAGE, "widget": widget, **kwargs}
        )

    def clean(self, value: Any) -> str:
        tag = language_tag(super().clean(value)) if value else super().clean(value)
        if tag and not all(part.isalnum() and part.isascii() for part in tag.split("-")):
            raise forms.ValidationError(_("Write a language as its code, such as en, fr or la."))
        return tag


def _lines(kind: str) -> forms.CharField:
    return forms.CharField(
        label=Label.Kind(kind).label, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class LabelsForm(forms.Form):
    """The labels of one language: the preferred one, and the others one a line."""

    language = LanguageField(required=False)
    pref = forms.CharField(label=Label.Kind.PREF.label, max_length=LONGEST_LABEL, required=False)
    alt = _lines("alt")
    hidden = _lines("hidden")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = any((data.get(kind) or "").strip() for kind in LABEL_KINDS)
        if said and not data.get("language") and "language" not in self.errors:
            self.add_error("language", _("Say which language these labels are in."))
        return data


class NoteForm(forms.Form):
    """One note; without a text it is left out."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Note.Kind.choices)
    language = LanguageField(required=False)
    text = forms.CharField(
        label=_("Text"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class MatchForm(forms.Form):
    """One match in another vocabulary; without an address it is left out."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind, Relation.Kind(kind).label) for kind in MATCH_KINDS]
    )
    uri = forms.CharField(label=_("Address (URI)"), max_length=LONGEST_URI, required=False)


class PlainForm(forms.Form):
    """What a concept has once: its notation, and which related concepts stay."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    notation = forms.CharField(label=_("Notation"), max_length=LONGEST_NOTATION, required=False)
    related = forms.MultipleChoiceField(
        label=_("Related concepts that stay"), required=False, widget=forms.CheckboxSelectMultiple
    )


class ConceptForm:
    """Everything that is said about a concept, as one form of several parts.

    `related` are (URI, label) pairs of what it is related to now.
    """

    def __init__(
        self, value: ConceptValue, related: Sequence[tuple[str, str]], *, seen: int,
        data: QueryDict | None = None,
    ) -> None:  # fmt: skip
        self.value = value
        self.plain = PlainForm(
            data,
            initial={"seen": seen, "notation": value.notation, "related": [uri for uri, _label in related]},
        )
        choices: Any = self.plain.fields["related"]
        choices.choices = related
        notes = [{"kind": n.kind, "language": _shown(n.language), "text": n.text} for n in value.notes]
        matches = [{"kind": kind, "uri": uri} for kind, uri in value.matches]
        self.labels = _set_of(LabelsForm, "labels", _by_language(value.labels), data)
        self.notes = _set_of(NoteForm, "notes", notes, data)
        self.matches = _set_of(MatchForm, "matches", matches, data)

    @property
    def parts(self) -> tuple[Any, ...]:
        return (self.plain, self.labels, self.notes, self.matches)

    def is_valid(self) -> bool:
        # Every part is looked at, so that all faults are shown at once.
        found = [part.is_valid() for part in self.parts]
        return all(found)

    def seen(self) -> int:
        return int(self.plain.cleaned_data["seen"])

    def after(self) -> ConceptValue:
        """The concept as the form says it; what the form does not show stays."""
        said = self.plain.cleaned_data
        kept = set(said["related"])
        shown = {uri for uri, _label in self.plain.fields["related"].choices}  # type: ignore[attr-defined]  # MultipleChoiceField
        return replace(
            self.value,
            notation=said["notation"].strip(),
            labels=_in_old_order(self.value.labels, _labels(self.labels.cleaned_data)),
            notes=_in_old_order(self.value.notes, _notes(self.notes.cleaned_data)),
            related=tuple(uri for uri in self.value.related if uri in kept or uri not in shown),
            matches=_in_old_order(self.value.matches, _matches(self.matches.cleaned_data)),
        )


def _set_of(
    form: type[forms.Form], prefix: str, initial: list[dict[str, Any]], data: QueryDict | None
) -> "BaseFormSet[Any]":
    made = formset_factory(form, extra=1, max_num=1000, absolute_max=1000)
    return made(data, prefix=prefix, initial=initial)


def _in_old_order(old: Sequence[Said], new: Iterable[Said]) -> tuple[Said, ...]:
    """What was there before stays in its order, so that a form sent unchanged changes nothing."""
    wanted = list(dict.fromkeys(new))
    return (*(one for one in old if one in wanted), *(one for one in wanted if one not in old))


def _shown(language: str) -> str:
    return "" if language == "und" else language


def _by_language(labels: Iterable[LabelValue]) -> list[dict[str, Any]]:
    """A row for every language, those of the site first."""
    rows: dict[str, dict[str, list[str]]] = {}
    for label in labels:
        rows.setdefault(label.language, {}).setdefault(label.kind, []).append(label.text)
    ours = [code for code, _name in settings.LANGUAGES]
    order = sorted(rows, key=lambda tag: (ours.index(tag) if tag in ours else len(ours), tag))
    return [
        {"language": tag, **{kind: "\n".join(rows[tag].get(kind, ())) for kind in LABEL_KINDS}}
        for tag in order
    ]


def _labels(rows: Iterable[dict[str, Any]]) -> Iterable[LabelValue]:
    for row in rows:
        for kind in LABEL_KINDS:
            for text in (row.get(kind) or "").splitlines():
                if text.strip():
                    yield LabelValue(kind, row["language"], text.strip())


def _notes(rows: Iterable[dict[str, Any]]) -> Iterable[NoteValue]:
    for row in rows:
        if (row.get("text") or "").strip():
            yield NoteValue(row["kind"], row["language"] or "und", row["text"].strip())


def _matches(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    return ((row["kind"], row["uri"].strip()) for row in rows if (row.get("uri") or "").strip())


class NewConceptForm(forms.Form):
    """A concept to add: enough to be found, the rest is said on its own page."""

    label = forms.CharField(label=_("Preferred label"), max_length=LONGEST_LABEL)
    language = LanguageField()
    notation = forms.CharField(label=_("Notation"), max_length=LONGEST_NOTATION, required=False)
    definition = forms.CharField(
        label=_("Definition"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def value(self) -> ConceptValue:
        said = self.cleaned_data
        notes = (NoteValue("definition", said["language"], said["definition"]),) if said["definition"] else ()
        label = LabelValue("pref", said["language"], said["label"].strip())
        return ConceptValue("", notation=said["notation"].strip(), labels=(label,), notes=notes)


class SplitForm(forms.Form):
    """The labels of the parts, and below which part each narrower concept goes."""

    language = LanguageField()

    def __init__(self, *args: Any, narrower: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_PARTS + 1):
            self.fields[f"part_{number}"] = forms.CharField(
                label=_("Part %(number)s") % {"number": number}, max_length=LONGEST_LABEL, required=number < 3
            )
        parts = [(str(n), _("below part %(number)s") % {"number": n}) for n in range(1, MOST_PARTS + 1)]
        self.narrower = {f"narrower_{n}": uri for n, (uri, _label) in enumerate(narrower)}
        for name, (_uri, label) in zip(self.narrower, narrower, strict=True):
            self.fields[name] = forms.ChoiceField(label=label, choices=parts)

    def labels(self) -> dict[int, str]:
        said = self.cleaned_data
        return {n: said[f"part_{n}"] for n in range(1, MOST_PARTS + 1) if said.get(f"part_{n}")}


class VocabularyNewForm(forms.Form):
    """An empty vocabulary."""

    title_en = forms.CharField(label=_("Title in English"), max_length=LONGEST_TITLE, required=False)
    title_fr = forms.CharField(label=_("Title in French"), max_length=LONGEST_TITLE, required=False)
    slug = forms.SlugField(
        label=_("Short name"), max_length=60, required=False,
        help_text=_("It stands in the address of every concept. Made from the title if you leave it empty."),
    )  # fmt: skip
    licence = forms.CharField(
        label=_("Licence"), max_length=LONGEST_LICENCE, required=False,
        initial="https://creativecommons.org/publicdomain/zero/1.0/",
        help_text=_("The address of a licence, or a sentence."),
    )  # fmt: skip
    is_public = forms.BooleanField(label=_("Everybody may read it"), required=False, initial=True)


class ProposalForm(forms.Form):
    """A concept that somebody misses."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    label = forms.CharField(label=_("What should it be called?"), max_length=LONGEST_LABEL)
    language = LanguageField()
    parent = forms.UUIDField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Why is it missed?"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    example = forms.CharField(
        label=_("Where is one to be seen?"), required=False, max_length=2000,
        help_text=_("The address of an annotation, of a page here, or of a picture."),
    )  # fmt: skip


class VersionForm(forms.Form):
    """What is worth knowing about a version that is frozen."""

    note = forms.CharField(
        label=_("What is new in it?"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
