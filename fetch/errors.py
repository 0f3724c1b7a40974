"""Everything that can go wrong on the way out, each with a stable code and a sentence for people."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from problems import CodedError


class FetchError(CodedError):
    """A request that was refused, failed, or brought something unusable.

    `retry` says whether the same request may well succeed later.
    """

    code = "fetch-failed"
    sentence = _("The address could not be read.")
    retry: ClassVar[bool] = False


# --- refused before anything is sent ---------------------------------------------------------------
class AddressMalformed(FetchError):
    code = "url-malformed"
    sentence = _("“%(url)s” is not a web address. Check it for spaces, missing parts or odd characters.")


class SchemeRefused(FetchError):
    code = "scheme-refused"
    sentence = _("Only addresses that begin with https:// or http:// can be read, not “%(scheme)s”.")


class CredentialsInAddress(FetchError):
    code = "credentials-in-url"
    sentence = _("The address contains a user name or password before “@”. Take it out of the address.")


class PortRefused(FetchError):
    code = "port-refused"
    sentence = _(
        "Port %(port)s of %(host)s is not a port of web servers: 80, 443 and those from 1024 up are."
    )


class HeaderRefused(FetchError):
    code = "header-refused"
    sentence = _("The header “%(name)s” cannot be sent: its name or value is not allowed.")


class AddressRefused(FetchError):
    code = "address-refused"
    sentence = _(
        "%(host)s is a private or reserved address (%(address)s), which this server does not visit. "
        "An administrator can allow it with RUBRICATOR_ALLOWED_HOSTS_PRIVATE."
    )


# --- the network -----------------------------------------------------------------------------------
class NameUnknown(FetchError):
    code = "name-unknown"
    sentence = _("No server named %(host)s could be found. Check the spelling of the address.")
    retry = True


class Unreachable(FetchError):
    code = "unreachable"
    sentence = _("%(host)s could not be reached or closed the connection (%(reason)s).")
    retry = True


class TlsFailed(FetchError):
    code = "tls-failed"
    sentence = _(
        "No safe connection to %(host)s: its certificate or encryption was not accepted (%(reason)s)."
    )


class TimedOut(FetchError):
    code = "timed-out"
    sentence = _("%(host)s did not finish its answer within %(timeout_s)g seconds.")
    retry = True


class HostBusy(FetchError):
    code = "host-busy"
    sentence = _("%(host)s asks us to slow down. Try again in %(retry_after_s)d seconds.")
    retry = True

    @property
    def retry_after_s(self) -> int:
        """Whole seconds to wait before the next attempt."""
        return int(str(self.facts["retry_after_s"]))


# --- the answer ------------------------------------------------------------------------------------
class BadStatus(FetchError):
    code = "bad-status"
    sentence = _("%(host)s answered %(status)d (%(reason)s) for this address.")

    @property
    def status(self) -> int:
        return int(str(self.facts["status"]))

    @property
    def excerpt(self) -> str:
        """The first characters of what the server said, for the log of a job."""
        return str(self.facts.get("excerpt", ""))


class TooManyRedirects(FetchError):
    code = "too-many-redirects"
    sentence = _("%(host)s passes the request on and on (more than %(limit)d times).")


class RedirectRefused(FetchError):
    code = "redirect-refused"
    sentence = _("%(host)s answers that this address has moved to %(target)s. Use the new address.")


class TooLarge(FetchError):
    code = "too-large"
    sentence = _("The answer of %(host)s is larger than the limit of %(limit)d bytes.")


class HeadTooLarge(FetchError):
    code = "headers-too-large"
    sentence = _("%(host)s sent more than %(limit)d bytes of headers.")


class EncodingRefused(FetchError):
    code = "encoding-refused"
    sentence = _("The answer of %(host)s is compressed in a way that cannot be read (%(encoding)s).")


class Truncated(FetchError):
    code = "truncated"
    sentence = _("The answer of %(host)s broke off before its end.")
    retry = True


class Garbled(FetchError):
    code = "not-http"
    sentence = _("%(host)s did not answer as a web server does (%(reason)s).")


class HtmlInstead(FetchError):
    code = "html-instead"
    sentence = _(
        "%(host)s answered with a web page (%(title)s) instead of data. The address may be that of a page "
        "for people, or the server may ask for a login or for proof of being human."
    )


class NotJson(FetchError):
    code = "not-json"
    sentence = _("The answer of %(host)s is not JSON that can be read (%(reason)s).")
