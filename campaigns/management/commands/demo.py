"""`manage.py demo`: a living platform to look at, made by the same actions that people use."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from campaigns.demo.cast import LOGINS, PASSWORD
from campaigns.demo.manuscripts import bring_in_early, seed_samples
from campaigns.demo.score_book import seed_scores
from campaigns.demo.seed import Demonstration, one_at_a_time, open_tasks


class Command(BaseCommand):
    help = "Fill the database with a realistic demonstration; harmless to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pages", type=int, default=60, help="How many score pages to engrave.")
        parser.add_argument("--no-samples", action="store_true", help="Leave the real manuscript pages out.")

    def handle(self, *args: Any, **options: Any) -> None:
        one_at_a_time()
        demo = Demonstration(say=self.stdout.write, page_count=options["pages"])
        with ThreadPoolExecutor(1) as pool:
            early = None if options["no_samples"] else pool.submit(bring_in_early, demo)
            seed_scores(demo)
        if early is not None:
            early.result()
            seed_samples(demo)
        self.stdout.write("")
        self.stdout.write(self.style.SUCCESS(f"Rubricator is ready: {settings.SITE_URL}"))
        self.stdout.write(f"  {open_tasks()} tasks wait for you. Sign in with the password  {PASSWORD}")
        for login in LOGINS:
            self.stdout.write(f"    {login.username:<10} {login.what}")
