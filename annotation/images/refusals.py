"""Why an uploaded file did not become an image, each with a stable code and a sentence for people."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from problems import CodedError


class ImageRefused(CodedError):
    """An image that cannot be read, converted or served."""

    code = "image-refused"
    sentence = _("The image could not be read.")


class NotAnImage(ImageRefused):
    code = "not-an-image"
    sentence = _("The file is not an image in a format that can be read: JPEG, PNG, WebP, TIFF or JPEG 2000.")


class TooManyPixels(ImageRefused):
    code = "too-many-pixels"
    sentence = _(
        "The image has %(width)d × %(height)d pixels, more than the limit of %(limit_mp)d million. "
        "Reduce it and upload it again."
    )


class TooLargeInOnePiece(ImageRefused):
    code = "too-large-in-one-piece"
    sentence = _(
        "The JPEG 2000 image has a piece of %(width)d × %(height)d pixels, and at most %(limit_mp)d million are "
        "decoded at once. Save it in tiles, or as TIFF or JPEG, and upload it again."
    )


class Damaged(ImageRefused):
    code = "damaged"
    sentence = _("The image is damaged or incomplete (%(reason)s). Upload the file again from its source.")


class PixelsNotUnderstood(ImageRefused):
    code = "pixels-not-understood"
    sentence = _(
        "The pixels of the image are of a kind that cannot be shown (%(kind)s). Save it as 8- or 16-bit RGB."
    )


class TooDemanding(ImageRefused):
    code = "too-demanding"
    sentence = _("Converting the image took more time or memory than one image is given.")


class FileMissing(ImageRefused):
    code = "file-missing"
    sentence = _("The file of the image is not where it should be.")


class NotOffered(ImageRefused):
    code = "not-offered"
    sentence = _("An image of this size or format is not offered (%(wish)s).")


BY_CODE: Mapping[str, type[ImageRefused]] = {
    kind.code: kind
    for kind in (
        NotAnImage,
        TooManyPixels,
        TooLargeInOnePiece,
        Damaged,
        PixelsNotUnderstood,
        TooDemanding,
        FileMissing,
        NotOffered,
    )
}
