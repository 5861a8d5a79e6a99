"""The plan of faults: which calls will go wrong, and how. What each kind does is in `misbehave`.

A fault strikes calls that match its platform, account and route; it lets the first `after` of them pass, then strikes
`times` of them (-1: for ever), each with `probability`. Faults are tried in the order of planning; one strikes a call.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.sandbox.world import SandboxPost, World

PLATFORM_ONLY = {
    "usage_capped": "twitter",
    "payment_required": "twitter",
    "spend_capped": "twitter",
    "graph_error": "facebook",
    "false_200": "facebook",
}
READ_BACK_KINDS = ("timeline_lag", "timeline_stale")

Kind = Literal[
    "reset_before",
    "reset_after",
    "timeout_before",
    "timeout_after",
    "slow",
    "drip",
    "truncated",
    "down",
    "error_before",
    "error_after",
    "html_200",
    "false_200",
    "empty_error",
    "redirect_302",
    "no_content_type_503",
    "created_without_data",
    "headers",
    "duplicate",
    "rate_limited",
    "usage_capped",
    "unauthorized",
    "payment_required",
    "spend_capped",
    "suspended",
    "forbidden",
    "graph_error",
    "timeline_lag",
    "timeline_stale",
    "timeline_error",
]


class Fault(BaseModel):
    """One planned fault.

    seconds  timeout_*, slow: how long; drip: between two bytes; down: until the port is open again; rate_limited: until
             the window resets; timeline_lag: from a post's creation until it shows
    status, body, headers  of the answer; a body that is no string goes out as JSON
    posted   whether the call takes effect all the same, for kinds that replace the answer
    window   rate_limited on X: whose window is used up
    code, subcode  rate_limited and graph_error on Facebook
    """

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    platform: Literal["twitter", "facebook"] | None = None
    account: str | None = None
    route: Literal["publish", "timeline", "verify", "connect", "any"] = "publish"
    times: int = Field(1, ge=-1)
    after: int = Field(0, ge=0)
    seconds: float | None = Field(None, ge=0)
    status: int | None = Field(None, ge=200, le=599)
    body: Any = None
    headers: dict[str, str] = {}
    probability: float = Field(1.0, gt=0, le=1)
    seed: int = 0
    posted: bool | None = None
    window: Literal["user15", "user24h", "app24h"] = "user15"
    code: int | None = None
    subcode: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_the_kind(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        kind = str(given.get("kind", ""))
        if kind.startswith("timeline_"):
            given = {"route": "timeline", "times": 1 if kind == "timeline_error" else -1, **given}
        if kind in PLATFORM_ONLY:
            given = {"platform": PLATFORM_ONLY[kind], **given}
        return given

    @model_validator(mode="after")
    def _fits_the_platform(self) -> "Fault":
        only = PLATFORM_ONLY.get(self.kind)
        if only is not None and self.platform != only:
            raise ValueError(f"{self.kind} exists on {only} only")
        if self.kind == "graph_error" and self.code is None:
            raise ValueError("graph_error needs a code")
        return self

    def matches(self, platform: str, account: Callable[[], str | None], route: str) -> bool:
        """`account` is only asked for if the fault names one: finding it may mean receiving the body."""
        return (
            self.platform in (None, platform)
            and self.route in ("any", route)
            and (self.account is None or self.account == account())
        )


def everything(_post: SandboxPost) -> bool:
    """A read-back without a fault shows every post."""
    return True


@dataclass
class _Planned:
    """A fault and how much of it is left. serial: how many posts there were when it was planned."""

    fault: Fault
    times: int
    after: int
    serial: int
    dice: random.Random

    def strikes(self) -> bool:
        if self.after > 0:
            self.after -= 1
            return False
        if self.fault.probability < 1 and self.dice.random() >= self.fault.probability:
            return False
        self.times -= self.times > 0
        return True


class FaultPlan:
    """The faults still to come. Thread-safe."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = threading.Lock()
        self._planned: list[_Planned] = []

    def add(self, fault: Fault) -> None:
        dice = random.Random(fault.seed)  # noqa: S311 - seeded on purpose
        with self._lock:
            self._planned.append(_Planned(fault, fault.times, fault.after, self._world.serial, dice))

    def clear(self) -> None:
        with self._lock:
            self._planned = []

    def left(self) -> list[dict[str, Any]]:
        """What is still to come, as it could be planned again."""
        with self._lock:
            return [
                {**entry.fault.model_dump(exclude_defaults=True), "times": entry.times, "after": entry.after}
                for entry in self._planned
            ]

    def take(self, platform: str, account: Callable[[], str | None], route: str) -> Fault | None:
        """The fault that strikes this call, if one does."""
        entry = self._strike(lambda kind: kind not in READ_BACK_KINDS, platform, account, route)
        return entry.fault if entry else None

    def visible(self, platform: str, account: Callable[[], str | None], route: str) -> Callable[[SandboxPost], bool]:
        """Which posts a read-back shows."""
        entry = self._strike(lambda kind: kind in READ_BACK_KINDS, platform, account, route)
        if entry is None:
            return everything
        if entry.fault.kind == "timeline_stale":
            return lambda post: post.serial <= entry.serial
        lag = entry.fault.seconds or 0.0
        return lambda post: (self._world.now() - post.created).total_seconds() >= lag

    def _strike(
        self, wanted: Callable[[str], bool], platform: str, account: Callable[[], str | None], route: str
    ) -> _Planned | None:
        if not self._planned:
            return None
        with self._lock:
            for entry in self._planned:
                if wanted(entry.fault.kind) and entry.fault.matches(platform, account, route) and entry.strikes():
                    if entry.times == 0:
                        self._planned.remove(entry)
                    return entry
        return None
