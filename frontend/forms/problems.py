"""Puts an action's refusal where the person can mend it: beside the field it points to."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext

from problems import Problem


def show_on(form: forms.Form, problem: Problem) -> None:
    """Add the problem's faults to the fields that their pointers name, the rest to the form as a whole."""
    for fault in problem.faults:
        form.add_error(field_at(form, fault.pointer), gettext(fault.detail))
    if not problem.faults:
        form.add_error(None, gettext(str(problem.detail)))


def field_at(form: forms.Form, pointer: str) -> str | None:
    """The field a JSON pointer means: `/overlap`, `/title` (title_en), `/question/prompt/fr` (prompt_fr)."""
    parts = [part for part in pointer.split("/") if part and not part.isdecimal()]
    for start in range(len(parts)):
        for end in range(len(parts), start, -1):
            name = "_".join(parts[start:end])
            for candidate in (name, f"{name}_{settings.LANGUAGE_CODE}"):
                if candidate in form.fields:
                    return candidate
    return None
