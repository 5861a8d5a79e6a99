"""Tells systemd how the daemon is: ready, still at work, stopping, and in a line how things stand.

The protocol is sd_notify(3): datagrams of NAME=VALUE lines to the socket that NOTIFY_SOCKET names. Without that
variable, which only systemd sets, nothing is sent and no thread is started.
"""

import contextlib
import faulthandler
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from bot.observe.log import log
from bot.observe.redact import redactor

# How often the line of `systemctl status` is renewed when no watchdog asks for more.
RENEW = timedelta(seconds=10)
# A message more or less does not matter; waiting for a service manager that is busy would.
SEND_SECONDS = 1.0


@contextlib.contextmanager
def at_work(late: Callable[[], Mapping[str, timedelta]], status: Callable[[], str]) -> Iterator[None]:
    """Ready at the beginning, stopping at the end, and in between a beat for the watchdog as long as nothing is late.

    late: jobs that hang, with how long they have been silent. status: one line for `systemctl status`.
    """
    if "NOTIFY_SOCKET" not in os.environ:
        yield
        return
    over = threading.Event()
    tell(READY="1", STATUS=status())
    threading.Thread(target=_go_on, args=(over, late, status), name="systemd", daemon=True).start()
    try:
        yield
    finally:
        over.set()
        tell(STOPPING="1", STATUS="stopping: what is in flight finishes")


def _go_on(over: threading.Event, late: Callable[[], Mapping[str, timedelta]], status: Callable[[], str]) -> None:
    said: set[str] = set()
    while not over.wait(interval().total_seconds()):
        hanging = late()
        if not hanging:
            tell(WATCHDOG="1", STATUS=status())
            said.clear()
            continue
        if new := hanging.keys() - said:
            for job in new:
                log.error("a job hangs; the watchdog hears no more of us", job=job, silent=str(hanging[job]))
            # Now, while no other thread can move: at the watchdog's signal they all run on, and may trip this up.
            faulthandler.dump_traceback()
            said |= new
        tell(STATUS=f"hangs: {', '.join(hanging)}")


def interval() -> timedelta:
    """A quarter of the watchdog's patience (WATCHDOG_USEC, in microseconds), if it waits for this process."""
    patience, whose = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not patience.isdecimal() or whose not in ("", str(os.getpid())):
        return RENEW
    return min(timedelta(microseconds=int(patience)) / 4, RENEW)


def tell(**state: str) -> None:
    """Send this state. One that does not arrive is not missed: the next one says as much."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        # An abstract socket, which has no file; the kernel wants a zero byte in place of the sign.
        address = "\0" + address[1:]
    message = redactor.clean("\n".join(f"{name}={' '.join(value.split())}" for name, value in state.items()))
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.settimeout(SEND_SECONDS)
        wire.sendto(message.encode(), address)
