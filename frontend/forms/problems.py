"""Puts an action's refusal where the person can mend it: beside the field it points to."""

from django import forms

from problems import Problem


def show_on(form: forms.Form, problem: Problem) -> None:
    """Add the problem's faults to the fields that their pointers name, the rest to the form as a whole."""
    placed = False
    for fault in problem.faults:
        field = fault.pointer.strip("/").split("/")[0]
        form.add_error(field if field in form.fields else None, fault.detail)
        placed = True
    if not placed:
        form.add_error(None, str(problem.detail))
