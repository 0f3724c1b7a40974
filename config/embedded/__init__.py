"""PostgreSQL and Valkey from wheels, and the supervisor that runs the whole house on one machine."""

from config.embedded.announcement import Urls, running
from config.embedded.refusal import Refusal

__all__ = ["Refusal", "Urls", "running"]
