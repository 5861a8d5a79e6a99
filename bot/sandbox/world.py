"""The truth: which posts there are. Knows nothing of HTTP, and its clock is a parameter.

Duplicate rules and rate windows live here too, since they are decided in the same breath as a post is made.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.sandbox.credentials import page_id_for

# 2010-11-04T01:42:54.657Z in milliseconds: the moment from which X counts its ids.
_SNOWFLAKE_EPOCH_MS = 1288834974657


@dataclass(frozen=True, slots=True)
class SandboxPost:
    """A post that is really there.

    serial     1, 2, 3 … in the order of creation, over all accounts
    text       as readers see it, links in full
    link       the post's link; empty if it has none
    created    aware UTC
    published  False only for Facebook's unpublished posts, which no reader sees
    """

    serial: int
    platform: str
    account: str
    id: str
    text: str
    link: str
    created: datetime
    published: bool = True


@dataclass(frozen=True, slots=True)
class Window:
    """A rate window after a call was counted. reset: Unix time in seconds. open: whether the call is still within."""

    limit: int
    remaining: int
    reset: int
    open: bool


class SandboxError(Exception):
    """The sandbox cannot run; the message is for the operator."""


class DuplicateText(Exception):
    """The account has posted this very text before, and the platform minds."""


class World:
    """All accounts' posts. Thread-safe.

    now: aware UTC. state: a JSON-lines file in which the posts outlive the process.
    """

    def __init__(self, now: Callable[[], datetime], state: Path | None = None) -> None:
        self.now = now
        self._lock = threading.Lock()
        self._posts: list[SandboxPost] = []
        self._by_account: defaultdict[tuple[str, str], list[SandboxPost]] = defaultdict(list)
        self._last_said: dict[tuple[str, str, str], datetime] = {}
        self._windows: dict[str, tuple[datetime, int]] = {}
        self._last_id = 0
        self._log = PostLog(state) if state is not None else None
        for post in self._log.read() if self._log else ():
            self._remember(post)

    @property
    def serial(self) -> int:
        """How many posts there are."""
        return len(self._posts)

    def publish(
        self,
        platform: str,
        account: str,
        text: str,
        link: str = "",
        *,
        published: bool = True,
        no_repeat_within: timedelta | None = None,
    ) -> SandboxPost:
        """Make a post. Raises `DuplicateText` if the account said the same within `no_repeat_within`."""
        with self._lock:
            created = self.now().astimezone(UTC)
            said = self._last_said.get((platform, account, text))
            if said is not None and no_repeat_within is not None and created - said < no_repeat_within:
                raise DuplicateText
            post = SandboxPost(
                len(self._posts) + 1,
                platform,
                account,
                self._new_id(platform, account, created),
                text,
                link,
                created,
                published,
            )
            if self._log is not None:
                self._log.append(post)
            self._remember(post)
            return post

    def posts(self, platform: str | None = None) -> list[SandboxPost]:
        """Every post there is, oldest first."""
        with self._lock:
            return [post for post in self._posts if platform in (None, post.platform)]

    def timeline(self, platform: str, account: str) -> list[SandboxPost]:
        """An account's published posts, newest first."""
        with self._lock:
            own = self._by_account[platform, account]
            return [post for post in reversed(own) if post.published]

    def find(self, platform: str, post_id: str) -> SandboxPost | None:
        """The post with this id."""
        with self._lock:
            return next((post for post in self._posts if post.platform == platform and post.id == post_id), None)

    def spend(self, window: str, limit: int, length: timedelta) -> Window:
        """Count one call in a window that opens with its first call and lasts `length`."""
        with self._lock:
            now = self.now()
            opened, used = self._windows.get(window, (now, 0))
            if now - opened >= length:
                opened, used = now, 0
            self._windows[window] = (opened, min(used + 1, limit))
            return Window(limit, max(limit - used - 1, 0), int((opened + length).timestamp()) + 1, used < limit)

    def _new_id(self, platform: str, account: str, created: datetime) -> str:
        milliseconds = int(created.timestamp() * 1000) - _SNOWFLAKE_EPOCH_MS
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        if platform == "facebook":
            return f"{page_id_for(account)}_{122 * 10**15 + len(self._posts) + 1}"
        return str(self._last_id)

    def _remember(self, post: SandboxPost) -> None:
        self._posts.append(post)
        self._by_account[post.platform, post.account].append(post)
        self._last_said[post.platform, post.account, post.text] = post.created
        if post.platform == "twitter":
            self._last_id = max(self._last_id, int(post.id))

    def close(self) -> None:
        """Close the state file."""
        if self._log is not None:
            self._log.close()


class PostLog:
    """Posts in a file, one JSON object a line, each written with one call, so that a kill leaves whole lines."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("ab", buffering=0)
        self._drop_torn_line()

    def read(self) -> list[SandboxPost]:
        """The posts of earlier runs. Raises SandboxError for a line that is none."""
        return [self._post(number, line) for number, line in enumerate(self._path.read_bytes().splitlines(), 1)]

    def _post(self, number: int, line: bytes) -> SandboxPost:
        try:
            return _from_record(json.loads(line))
        except (ValueError, TypeError, KeyError):
            raise SandboxError(f"{self._path}, line {number}: is no post of a sandbox; remove the file") from None

    def append(self, post: SandboxPost) -> None:
        self._file.write(json.dumps(_to_record(post), ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        self._file.close()

    def _drop_torn_line(self) -> None:
        content = self._path.read_bytes()
        self._file.truncate(content.rfind(b"\n") + 1)


def _to_record(post: SandboxPost) -> dict[str, Any]:
    return {
        "serial": post.serial,
        "platform": post.platform,
        "account": post.account,
        "id": post.id,
        "text": post.text,
        "link": post.link,
        "created": post.created.isoformat(),
        "published": post.published,
    }


def _from_record(record: dict[str, Any]) -> SandboxPost:
    return SandboxPost(**{**record, "created": datetime.fromisoformat(record["created"])})
