"""`manage.py up`: everything that Rubricator needs, in one terminal."""

import shlex
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.embedded import Refusal
from config.embedded.house import House, Wishes
from config.embedded.stream import Stream


class Command(BaseCommand):
    """Start PostgreSQL, Valkey, migration, web, worker and clock; Ctrl-C ends them all."""

    help = (
        "Runs Rubricator on this machine: embedded PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL "
        "name others), the web server, the worker and the clock. Data lie in RUBRICATOR_DATA."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="wanted port; the next free one is taken")
        parser.add_argument("--host", default="127.0.0.1", help="address to serve on (0.0.0.0: every one)")
        parser.add_argument("--no-worker", action="store_true", help="no Celery worker and no clock")
        parser.add_argument("--after", default="", metavar="COMMAND", help="manage.py command to run once up")

    def handle(self, *args: Any, **options: Any) -> None:
        wishes = Wishes(
            port=options["port"],
            host=options["host"],
            worker=not options["no_worker"],
            after=shlex.split(options["after"]),
        )
        stream = Stream()
        house = House(Path(settings.ROOT), Path(settings.DATA), wishes, stream)
        try:
            code = house.run()
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            stream.close()
        if code:
            raise SystemExit(code)
