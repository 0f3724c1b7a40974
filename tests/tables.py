"""An empty database with all tables: migrated once, copied for each worker and each site, kept until a migration changes."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.embedded.postgres import binaries

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "tables"
# Any number, the same for all who would make the tables at the same time.
LOCK = 7_213_004


def database_url(name: str) -> str:
    """Where a database of this name is, in the cluster of the test run."""
    before, _, after = os.environ["DATABASE_URL"].partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}" + (f"?{after}" if after else "")


def copy_of(name: str, copy: str) -> str:
    """A fresh copy of a database, as a URL; one that is there under the name of the copy goes."""
    with _cluster() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    return database_url(copy)


def tables() -> str:
    """The name of an empty database with all tables, to be copied; who asks first makes it, the others wait."""
    state = _state()
    name, unfinished = f"tables_{state}", f"unfinished_{state}"
    with _cluster() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # let go as the connection ends
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _fill(copy_of("template1", unfinished), KEPT / f"{state}.sql")
            connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _cluster() -> "psycopg.Connection[tuple[object, ...]]":
    facts = conninfo_to_dict(os.environ["DATABASE_URL"])
    return psycopg.connect(make_conninfo("", **{**facts, "dbname": "postgres"}), autocommit=True)


def _state() -> str:
    """Stands for what the tables are made from: our migrations, and the versions of what brings others."""
    digest = hashlib.sha256((ROOT / "requirements-dev.txt").read_bytes())
    for file in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _fill(database: str, kept: Path) -> None:
    """By the migrations, or from what they made in an earlier run."""
    if kept.exists():
        _postgres("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={kept}", database)
        return
    environment = {**os.environ, "DATABASE_URL": database, "RUBRICATOR_TESTING": "1"}
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
    if not (Path(os.environ["RUBRICATOR_TEST_SERVICES"]) / "postgres").exists():
        return  # a server of somebody else's, which may be another version than our programs
    kept.parent.mkdir(parents=True, exist_ok=True)
    for older in kept.parent.glob("*.sql"):
        older.unlink(missing_ok=True)
    fresh = kept.with_suffix(f".{os.getpid()}")
    _postgres("pg_dump", f"--file={fresh}", database)
    fresh.replace(kept)


def _postgres(program: str, *arguments: str) -> None:
    subprocess.run([binaries() / program, *arguments], check=True, stdout=subprocess.DEVNULL)
