"""The one error of the embedded services: a sentence that a person can act on."""


class Refusal(RuntimeError):
    """An embedded service cannot start; the message says why and what to do."""
