"""Starts the bot with minutes turned into seconds, for tests that wait for it to be missed.

`python -m tests.impatient …` takes what `run_bot.py …` takes. BOT_TEST_HANGS names a failpoint at which whatever
reaches it hangs for ever, as no time-out of ours ever should.
"""

import os
import threading
from datetime import timedelta

from bot import beats, failpoints, scheduler
from bot.cli import main

beats.LONGEST_STEP = timedelta(seconds=2)
beats.CALLS = 0
scheduler.HEARTBEAT = timedelta(seconds=1)
if point := os.environ.get("BOT_TEST_HANGS"):
    failpoints.plan(point, lambda: threading.Event().wait())

main()
