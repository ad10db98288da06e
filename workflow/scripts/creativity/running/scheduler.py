"""Snakemake's scheduler wakes when a job ends, and otherwise by one timer.

Its own `_schedule_reevalutation` (Snakemake 9.27) starts a timer at each wake-up, which wakes it again: each job that ends adds a
wake-up a second for good. After 100 jobs they take a core, and the time of all of them grows with the square of their number.
"""

import threading

from snakemake.scheduling.job_scheduler import JobScheduler

SECONDS = 5.0  # least time between two wake-ups by the timer; only a campaign that starts 100 jobs a second waits for it
WAITING = "_waiting_to_wake"


def wake_by_one_timer() -> None:
    """For all schedulers of this process."""
    JobScheduler._schedule_reevalutation = wake_later


def wake_later(scheduler: JobScheduler, delay: float) -> None:
    """Wakes the scheduler after so many seconds, SECONDS at least, unless it will be woken anyway."""
    if not getattr(scheduler, WAITING, False):
        setattr(scheduler, WAITING, True)
        timer = threading.Timer(max(delay, SECONDS), wake, [scheduler])
        timer.daemon = True  # Snakemake may end before
        timer.start()


def wake(scheduler: JobScheduler) -> None:
    setattr(scheduler, WAITING, False)
    scheduler._open_jobs.release()
