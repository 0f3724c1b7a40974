"""Forms for bringing in manifests, images and annotations."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

# Public manifests of three institutions, offered as examples: institution, what it is, address.
EXAMPLES = [
    (
        "Bibliothèque nationale de France", "Gallica, btv1b8449691v",
        "https://gallica.bnf.fr/iiif/ark:/12148/btv1b8449691v/manifest.json",
    ),
    (
        "Bodleian Libraries", "MS. Ind. Inst. Misc. 22",
        "https://iiif.bodleian.ox.ac.uk/iiif/manifest/e32a277e-91e2-4a6d-8ba6-cc4bad230410.json",
    ),
    (
        "Wellcome Collection", "b18035723",
        "https://iiif.wellcomecollection.org/presentation/v3/b18035723",
    ),
]  # fmt: skip


class UrlForm(forms.Form):
    url = forms.URLField(
        label=_("Address of a manifest, collection or activity stream"),
        max_length=2000,
        assume_scheme="https",
        help_text=_(
            "Its own address, not the address of the page that shows it. From a collection you choose afterwards."
        ),
        widget=forms.URLInput(attrs={"placeholder": "https://…/manifest.json"}),
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Manifest file"), help_text=_("A JSON file in Presentation 2 or 3."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json,application/ld+json"}),
    )  # fmt: skip


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ImagesField(forms.FileField):
    """Several files from one input."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ImagesField, self).clean(file, initial) for file in files]


class ImagesForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=300, help_text=_("What the images show, for example a shelfmark.")
    )
    rights = forms.URLField(
        label=_("Rights"), required=False, max_length=500, assume_scheme="https",
        help_text=_("The address of a licence or rights statement, if you know it."),
    )  # fmt: skip
    images = ImagesField(
        label=_("Images"), help_text=_("JPEG, PNG, WebP, TIFF or JPEG 2000, up to 200 at a time."),
        widget=ManyFilesInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.tif,.tiff,.jp2"}),
    )  # fmt: skip


class AnnotationsForm(forms.Form):
    # Its fields are called like those of the forms beside it; their elements may not be.
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": "annotations_%s"})

    file = forms.FileField(
        label=_("File of annotations"), required=False,
        help_text=_("JSON, up to 500 MB: W3C Web Annotation, Open Annotation, or a dump of Mirador 2."),
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,application/json,application/ld+json"}),
    )  # fmt: skip
    url = forms.URLField(
        label=_("Or their address"), required=False, max_length=2000, assume_scheme="https",
        help_text=_("Of a list, a page or a collection; further pages that it links are followed."),
        widget=forms.URLInput(attrs={"placeholder": "https://…/annotations.json"}),
    )  # fmt: skip
    label = forms.CharField(
        label=_("Name of the layer"), required=False, max_length=300,
        help_text=_("What the annotations are, if they do not say so themselves."),
    )  # fmt: skip
    addresses = forms.ChoiceField(
        label=_("E-mail addresses of annotators"), initial="pseudonyms", widget=forms.RadioSelect,
        choices=[("pseudonyms", _("Replace them by pseudonyms")), ("keep", _("Keep them"))],
    )  # fmt: skip
    is_public = forms.BooleanField(label=_("Everybody may read the layer"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool(data.get("url")):
            raise forms.ValidationError(_("Choose a file or give an address: one of the two."))
        return data
