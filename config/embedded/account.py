"""Which system user the servers run as, because PostgreSQL refuses root and a web process should too."""

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from config.embedded.refusal import Refusal

# `nobody` comes last: whatever else runs as nobody on this machine could read our data.
CANDIDATES = ("rubricator", "postgres", "daemon", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user that root hands a process to."""

    name: str
    uid: int
    gid: int

    def may_enter(self, folder: Path) -> bool:
        """Whether the permission bits of `folder` let this user pass through it."""
        return self._allowed(folder, stat.S_IXUSR, stat.S_IXGRP, stat.S_IXOTH)

    def may_read(self, path: Path) -> bool:
        """Whether the permission bits of `path` let this user read it."""
        return self._allowed(path, stat.S_IRUSR, stat.S_IRGRP, stat.S_IROTH)

    def _allowed(self, path: Path, owner: int, group: int, other: int) -> bool:
        facts = path.stat()
        if facts.st_uid == self.uid:
            return bool(facts.st_mode & owner)
        return bool(facts.st_mode & (group if facts.st_gid == self.gid else other))


def account_for(directory: Path) -> Account | None:
    """The user to drop to for data in `directory`; None when we are not root and run as ourselves.

    Data that somebody owns stay theirs: the first owner other than root, from the folder upwards, is
    taken, so `sudo` in a person's own checkout leaves her files hers. `RUBRICATOR_USER` overrides.
    """
    if os.geteuid() != 0:
        return None
    if wanted := os.environ.get("RUBRICATOR_USER"):
        if found := _named(wanted):
            return found
        raise Refusal(f"RUBRICATOR_USER is {wanted}, which is not an ordinary user of this machine.")
    if owned := _owner(directory):
        return owned
    for name in CANDIDATES:
        if found := _named(name):
            return found
    raise Refusal("PostgreSQL does not run as root and no other user was found: set RUBRICATOR_USER to one.")


def closed_way(path: Path, account: Account) -> Path | None:
    """The outermost folder on the way to `path` that `account` may not enter, or a file it may not read."""
    real = path.resolve()
    for folder in [*reversed(real.parents), *([real] if real.is_dir() else [])]:
        if folder.exists() and not account.may_enter(folder):
            return folder
    return real if real.is_file() and not account.may_read(real) else None


def hand_over(directory: Path, account: Account | None) -> None:
    """Give `directory` and what root left in it to `account`, and check that it can get there.

    Only entries that belong to root are changed, links are never followed, and files with a second
    name are left alone: that other name could be anybody's.
    """
    if account is None:
        _refuse_foreign(directory)
        return
    if closed := closed_way(directory.parent, account):
        raise Refusal(
            f"As root, the services run as user {account.name}, who may not enter {closed}. "
            "Set RUBRICATOR_DATA to a folder elsewhere (such as /var/lib/rubricator), "
            "or start as an ordinary user."
        )
    for entry in [directory, *_entries(directory)]:
        with suppress(FileNotFoundError):
            facts = entry.lstat()
            if facts.st_uid == 0 and (stat.S_ISDIR(facts.st_mode) or facts.st_nlink == 1):
                os.chown(entry, account.uid, account.gid, follow_symlinks=False)
    if directory.stat().st_uid != account.uid:
        raise Refusal(
            f"{directory} belongs to {_owner_of(directory)}, but the services run as {account.name}: "
            f"give it to {account.name}, or set RUBRICATOR_USER or RUBRICATOR_DATA."
        )


def _owner_of(path: Path) -> str:
    uid = path.stat().st_uid
    return _name_of(uid) or f"user number {uid}"


def _entries(directory: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(directory, followlinks=False):
        yield from (Path(folder, name) for name in [*folders, *files])


def _refuse_foreign(directory: Path) -> None:
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        raise Refusal(
            f"{directory} belongs to {_owner_of(directory)} and you may not write there: start as that user, "
            "or set RUBRICATOR_DATA to a folder of your own."
        )


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid) if entry.pw_uid != 0 else None


def _owner(directory: Path) -> Account | None:
    for folder in [directory, *directory.parents]:
        with suppress(FileNotFoundError):
            facts = folder.stat()
            # PostgreSQL wants a user with a name; the owner of a mounted volume may have none here.
            if facts.st_uid != 0 and (name := _name_of(facts.st_uid)):
                return Account(name, facts.st_uid, facts.st_gid)
    return None


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""
