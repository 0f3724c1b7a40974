"""`/open/`: takes a IIIF link (an address or a content state) and leads to the page that shows what it means."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import User
from annotation.iiif.contentstate import PARAMETER, ContentStateError, Place, read_content_state
from annotation.opening import Opened, fetched, look_for, manifest_to_import, says_too_little
from fetch import FetchError
from frontend.sharing import canvas_page


@require_GET
def open_content(request: HttpRequest) -> HttpResponse:
    """The page of what a content state points at; what is not here yet can be brought in by curators."""
    said = request.GET.get(PARAMETER, "").strip()
    if not said:
        return _form(request, said)
    try:
        places = read_content_state(said)
        opened = look_for(places, request.user)
        if opened is None and _may_import(request) and says_too_little(places[0]):
            places = fetched(places[0])
            opened = look_for(places, request.user)
    except ContentStateError as error:
        return _form(request, said, problem=_(str(error)), status=400)
    except FetchError as error:
        return _form(request, said, problem=str(error), status=404, address=places[0].uri)
    return _lead(request, opened, places) if opened else _missing(request, said, places)


def _may_import(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_curator


def _lead(request: HttpRequest, opened: Opened, places: tuple[Place, ...]) -> HttpResponse:
    if len(places) > 1:
        messages.info(
            request, _("The link points at several things; this is the first of them that is here.")
        )
    if opened.canvas:
        return redirect(canvas_page(opened.canvas, opened.box, opened.annotation))
    if any(place.kind in ("Canvas", "Range") for place in places):
        messages.warning(
            request,
            _("The source is here, but not the image that the link points at. Import the source anew."),
        )
    return redirect("source", opened.manifest.pk)


def _missing(request: HttpRequest, said: str, places: tuple[Place, ...]) -> HttpResponse:
    address = manifest_to_import(places)
    if address and _may_import(request):
        messages.info(
            request, _("What the link points at is not here yet. It can be brought in from its address.")
        )
        return redirect(f"{reverse('source-import')}?{urlencode({'url': address})}")
    problem = _(
        "What the link points at is not here, or you may not see it. Curators can bring in what a IIIF manifest "
        "describes."
    )
    return _form(request, said, problem=problem, status=404)


def _form(
    request: HttpRequest, said: str, *, problem: str = "", status: int = 200, address: str = ""
) -> HttpResponse:
    context = {
        "section": "sources",
        "said": said,
        "problem": problem,
        "import_url": f"{reverse('source-import')}?{urlencode({'url': address})}" if address else "",
    }
    return render(request, "sources/open.html", context, status=status)
