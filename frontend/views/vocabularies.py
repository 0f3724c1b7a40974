"""Pages of vocabularies: the list, a new one, bringing one in."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import require_curator
from frontend.forms.problems import show_on
from frontend.forms.thesaurus import VocabularyNewForm
from frontend.views.campaigns import sent
from problems import Problem
from taxonomy.actions import create_vocabulary
from taxonomy.models import Concept
from taxonomy.permissions import visible_vocabularies


@require_GET
def vocabulary_list(request: HttpRequest) -> HttpResponse:
    """The vocabularies that the reader may see, with their sizes; one query."""
    usable = Count("concepts", filter=~Q(concepts__status=Concept.Status.DEPRECATED))
    vocabularies = visible_vocabularies(request.user).annotate(concept_count=usable)
    context = {"section": "vocabularies", "vocabularies": vocabularies}
    return render(request, "vocabularies/list.html", context)


@require_http_methods(["GET", "POST"])
def vocabulary_new(request: HttpRequest) -> HttpResponse:
    """An empty vocabulary, to be filled by hand."""
    by = require_curator(request.user)
    form = VocabularyNewForm(sent(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        title = {"en": data["title_en"], "fr": data["title_fr"]}
        try:
            made = create_vocabulary(
                slug=data["slug"], title=title, licence=data["licence"], is_public=data["is_public"], by=by
            )
        except Problem as problem:
            show_on(form, problem)
        else:
            messages.success(request, _("The vocabulary is made. Add its first concept."))
            return redirect("vocabulary", made.slug)
    status = 422 if request.method == "POST" else 200
    context = {"section": "vocabularies", "form": form}
    return render(request, "vocabularies/new.html", context, status=status)
