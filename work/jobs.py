"""The two Celery tasks of the house: do one job, and sweep for forgotten ones."""

from celery import shared_task
from django.db import connection

from work.actions import run_job, sweep

SWEEP_LOCK = 0x5275_6272  # advisory lock: one sweeper at a time, however many beats run


@shared_task(name="work.run")
def run(job_id: str) -> None:
    run_job(job_id)


@shared_task(name="work.sweep", expires=15)
def sweep_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SWEEP_LOCK])
        (locked,) = cursor.fetchone()
        if not locked:
            return
        try:
            sweep()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SWEEP_LOCK])
