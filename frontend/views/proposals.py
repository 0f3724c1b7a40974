"""Pages of proposals: a form for whoever misses a concept, the queue of who looks after the vocabulary."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import require_user
from frontend.forms.problems import show_on
from frontend.forms.thesaurus import ProposalForm
from frontend.views.campaigns import language, sent
from frontend.views.concepts import frame, wants_part
from frontend.views.thesaurus import concept_in, known_languages, shown_as
from frontend.views.vocabulary_lists import MOST_FOUND
from problems import Missing, Problem
from taxonomy.actions.proposals import accept_proposal, decline_proposal, propose_concept
from taxonomy.models import Proposal
from taxonomy.permissions import get_vocabulary_for
from taxonomy.queries import labels_in, search_concepts

MOST_WAITING = 100
MOST_ANSWERED = 20


@require_http_methods(["GET", "POST"])
def concept_propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose a concept; its id is made with the form, so that sending it twice proposes once."""
    vocabulary = get_vocabulary_for(request.user, slug, "view")
    by = require_user(request.user)
    asked = request.GET.get("parent") or request.POST.get("parent")
    parent = concept_in(vocabulary, asked) if asked else None
    initial = {
        "id": uuid4(),
        "label": request.GET.get("label", "")[:500],
        "language": language(),
        "example": request.GET.get("example", "")[:2000],
        "parent": parent and parent.pk,
    }
    form = ProposalForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            propose_concept(vocabulary, by=by, **form.cleaned_data)
        except Problem as problem:
            show_on(form, problem)
        else:
            messages.success(
                request, _("Thank you. Your proposal waits for an answer, which you will find on this page.")
            )
            return redirect("profile")
    context = {
        **frame(request, vocabulary),
        "form": form,
        "parent": parent and shown_as(parent),
        "languages": known_languages(vocabulary),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "vocabularies/propose.html", context, status=status)


@require_GET
def proposal_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for an answer, oldest first, and the last answers."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    rows = vocabulary.proposals.select_related("created_by", "decided_by")
    waiting = list(rows.filter(state=Proposal.State.WAITING)[:MOST_WAITING])
    answered = list(rows.exclude(state=Proposal.State.WAITING).order_by("-decided_at")[:MOST_ANSWERED])
    context = {
        **frame(request, vocabulary),
        "proposals": waiting,
        "answered": answered,
        "names": _names([*waiting, *answered]),
    }
    return render(request, "vocabularies/proposals.html", context)


def _names(proposals: list[Proposal]) -> dict[UUID, str]:
    ids = {pk for row in proposals for pk in (row.parent_id, row.concept_id) if pk}
    return labels_in(ids, language())


@require_http_methods(["GET", "POST"])
def proposal_answer(request: HttpRequest, slug: str, proposal_id: UUID) -> HttpResponse:
    """Answer a proposal: accept it as new, point to the concept that was meant, or decline it."""
    vocabulary = get_vocabulary_for(request.user, slug, "manage")
    proposal = vocabulary.proposals.select_related("created_by", "parent").filter(pk=proposal_id).first()
    if proposal is None:
        raise Missing("The vocabulary has no such proposal.")
    chosen = request.POST.get("target") or request.GET.get("target")
    target = concept_in(vocabulary, chosen) if chosen else None
    problem = None
    if request.method == "POST":
        try:
            return _answered(request, proposal, target)
        except Problem as refusal:
            problem = refusal
    q = request.GET.get("q", proposal.label)[:200].replace("\x00", "").strip()
    found, total = search_concepts(vocabulary, None, q, language(), MOST_FOUND) if q else ([], 0)
    part: dict[str, Any] = {"vocabulary": vocabulary, "q": q, "found": found, "total": total}
    if wants_part(request):
        return render(request, "vocabularies/_targets.html", part)
    context = {
        **frame(request, vocabulary),
        **part,
        "proposal": proposal,
        "parent": shown_as(proposal.parent) if proposal.parent else None,
        "target": target and shown_as(target),
        "problem": problem,
    }
    status = problem.status if problem else 200
    return render(request, "vocabularies/answer.html", context, status=status)


def _answered(request: HttpRequest, proposal: Proposal, target: Any) -> HttpResponse:
    by, answer = require_user(request.user), request.POST.get("answer", "")
    if request.POST.get("decision") == "accept":
        done = accept_proposal(proposal, concept=target, answer=answer, by=by)
        messages.success(request, _("The proposal is accepted; the proposer is told."))
        if target is None and done.concept_id:
            return redirect("concept-edit", proposal.vocabulary.slug, done.concept_id)
    else:
        decline_proposal(proposal, answer=answer, by=by)
        messages.success(request, _("The proposal is declined; the proposer is told why."))
    return redirect("proposal-list", proposal.vocabulary.slug)
