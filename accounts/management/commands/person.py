"""`manage.py person NAME`: make somebody, or change what they may do, from the server's own terminal."""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User


class Command(BaseCommand):
    help = "Make a person, or let one do more; asks for a password, or reads it from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", default="")
        parser.add_argument("--public-name", default="")
        parser.add_argument("--curator", action="store_true", help="May import sources and start campaigns.")
        parser.add_argument("--superuser", action="store_true", help="May do everything.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["username"]).first()
        made = user is None
        if user is None:
            user = User(username=options["username"], email=options["email"])
            user.pseudonym = options["public_name"]
            user.set_password(self._password(user))
        user.is_curator = user.is_curator or options["curator"]
        user.is_superuser = user.is_superuser or options["superuser"]
        user.save()
        role = "a superuser" if user.is_superuser else "a curator" if user.is_curator else "a contributor"
        self.stdout.write(f"{user.username} {'was made' if made else 'is now'} {role}.")

    @staticmethod
    def _password(user: User) -> str:
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().strip()
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password
