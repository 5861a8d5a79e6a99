"""The sandbox as a whole: one world, two platforms, one server, a plan of faults."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bot.sandbox.exchange import Answer, Request
from bot.sandbox.faults import Fault, FaultPlan
from bot.sandbox.graph import GraphApi
from bot.sandbox.misbehave import Api, Call, misbehave
from bot.sandbox.pages import Control, post_page
from bot.sandbox.server import HOST, Connection, HttpServer
from bot.sandbox.world import SandboxPost, World
from bot.sandbox.x import XApi, XLimits


def _now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """A local X and Facebook on `url`. A context manager; or `start` and `stop`, on the same port each time.

    port               0 for any free one
    state              a file in which the posts outlive the sandbox
    now                the world's clock: of posts, rate windows and read-back lags
    limits             False: no rate limits. True: the platforms' own
    refuse_duplicates  False: the same text is taken twice, so that a client's own guard shows
    """

    def __init__(
        self,
        port: int = 0,
        state: Path | None = None,
        now: Callable[[], datetime] = _now,
        *,
        limits: bool | XLimits = True,
        refuse_duplicates: bool = True,
    ) -> None:
        self._port = port
        self.world = World(now, state)
        self._faults = FaultPlan(self.world)
        x_limits = limits if isinstance(limits, XLimits) else XLimits() if limits else None
        self._x = XApi(self.world, lambda: self.url, x_limits, refuse_duplicates)
        self._graph = GraphApi(self.world, lambda: self.url, x_limits is not None, refuse_duplicates)
        self._control = Control(self.posts, self._faults, self._plan)
        self._server = HttpServer(self._handle)
        self._back_up: threading.Timer | None = None

    @property
    def url(self) -> str:
        """The base address of both platforms."""
        return f"http://{HOST}:{self._server.port or self._port}"

    def start(self) -> None:
        """Open the port. Raises `OSError` if it is taken."""
        self._server.open(self._server.port or self._port)

    def stop(self) -> None:
        """Close the port: from now on connections are refused, and nothing is posted any more."""
        if self._back_up is not None:
            self._back_up.cancel()
        self._server.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.world.close()

    def posts(self, platform: str | None = None) -> list[dict[str, Any]]:
        """What was really posted, oldest first.

        Each has platform, account, id, text, link, created (ISO 8601), url and published.
        """
        return [self._record(post) for post in self.world.posts(platform)]

    def plan(self, **fault: Any) -> None:
        """Plan a fault; its fields are those of `bot.sandbox.faults.Fault`. `kind="down"` acts at once."""
        self._plan(Fault.model_validate(fault))

    def clear_faults(self) -> None:
        """Forget every fault that is still to come."""
        self._faults.clear()

    def _plan(self, fault: Fault) -> None:
        if fault.kind == "down":
            self._go_down(1.0 if fault.seconds is None else fault.seconds)
        else:
            self._faults.add(fault)

    def _go_down(self, seconds: float) -> None:
        self.stop()
        self._back_up = threading.Timer(seconds, self.start)
        self._back_up.daemon = True
        self._back_up.start()

    def _record(self, post: SandboxPost) -> dict[str, Any]:
        api = self._x if post.platform == "twitter" else self._graph
        return {
            "platform": post.platform,
            "account": post.account,
            "id": post.id,
            "text": post.text,
            "link": post.link,
            "created": post.created.isoformat(),
            "url": api.page_url(post),
            "published": post.published,
        }

    def _handle(self, request: Request, wire: Connection) -> None:
        api = self._api_for(request.path)
        if api is None:
            control = request.path.startswith("/__")
            wire.send(self._control.answer(request) if control else post_page(self.world, request.path))
            return
        route = api.route_of(request)
        fault = self._faults.take(api.platform, lambda: api.claimed_account(request), route)
        if fault is None:
            wire.send(self._process(api, request, route))
        else:
            misbehave(Call(fault, api, request, wire, lambda: self._process(api, request, route)))

    def _api_for(self, path: str) -> Api | None:
        if path.startswith(("/2/", "/oauth/")):
            return self._x
        return self._graph if self._graph.serves(path) else None

    def _process(self, api: Api, request: Request, route: str) -> Answer:
        visible = self._faults.visible(api.platform, lambda: api.claimed_account(request), route)
        return api.answer(request, visible)
