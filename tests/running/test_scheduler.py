"""Snakemake's scheduler is woken by one timer, however often it asks to be."""

import threading
import time

from snakemake.scheduling.job_scheduler import JobScheduler

from creativity.running import scheduler


def test_what_asks_often_is_woken_once_and_may_ask_again(monkeypatch):
    monkeypatch.setattr(scheduler, "SECONDS", 0.05)
    asking = object.__new__(JobScheduler)
    asking._open_jobs = threading.Semaphore(0)
    for _ in range(2):
        for _ in range(5):
            scheduler.wake_later(asking, 0.01)
        assert asking._open_jobs.acquire(timeout=10)
        time.sleep(0.2)
        assert not asking._open_jobs.acquire(blocking=False)


def test_it_takes_the_place_of_snakemakes_own(monkeypatch):
    monkeypatch.setattr(JobScheduler, "_schedule_reevalutation", JobScheduler._schedule_reevalutation)  # which must be there
    scheduler.wake_by_one_timer()
    assert JobScheduler._schedule_reevalutation is scheduler.wake_later
