"""Starts one throw-away PostgreSQL and Valkey for the whole test run, before Django reads its settings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _start() -> None:
    os.environ["RUBRICATOR_TESTING"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if os.environ.get("RUBRICATOR_TEST_SERVICES"):
        return  # a worker of the same run: the services of its parent serve it too
    from config.embedded.postgres import Postgres
    from config.embedded.valkey import Valkey

    folder = Path(tempfile.mkdtemp(prefix="rubricator-test-"))
    atexit.register(
        shutil.rmtree, folder, ignore_errors=True
    )  # registered first: done after the services stopped
    folder.chmod(0o711)  # the database may run as another user, who must be able to pass through
    os.environ["RUBRICATOR_TEST_SERVICES"] = str(folder)
    os.environ["RUBRICATOR_DATA"] = str(folder / "data")
    if not os.environ.get("DATABASE_URL"):
        postgres = Postgres(folder / "postgres", durable=False)
        os.environ["DATABASE_URL"] = postgres.start()
        atexit.register(postgres.stop)
    if not os.environ.get("REDIS_URL"):
        valkey = Valkey(folder / "valkey", durable=False)
        os.environ["REDIS_URL"] = valkey.start()
        atexit.register(valkey.stop)


_start()
