"""Keeps the secrets of people's tokens out of the log, wherever a line, an address or a traceback has them."""

import logging
import re

# As `accounts.models.new_secret` makes them.
_SECRET = re.compile(r"rub_[\w-]{20,}")


class SecretsHidden(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _SECRET.sub("rub_…", super().format(record))
