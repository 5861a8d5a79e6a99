"""Log lines: a constant sentence with fields. For people on a terminal, JSON otherwise; on stderr, always."""

import logging
import os
import sys
from collections.abc import MutableMapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.observe.redact import redactor

if TYPE_CHECKING:
    from structlog.dev import ConsoleRenderer

LEVELS = ("debug", "info", "warning", "error")
# Libraries that write tokens into their debug lines (FACTS 2 and 5, tried 2026-11-20): never below warning.
TALKATIVE = ("alembic", "tweepy", "urllib3", "requests_oauthlib", "oauthlib", "apscheduler", "markdown_it", "pymysql")


def set_up_logging(level: str) -> None:
    """Send our lines and the libraries' to stderr, from `level` on, with every known secret masked."""
    import structlog

    renderer: Any = _for_people() if sys.stderr.isatty() else structlog.processors.JSONRenderer(ensure_ascii=False)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _moments_as_text,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _Masked(renderer),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler.scheduler").addFilter(_is_news)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        cache_logger_on_first_use=False,
    )


def set_up_logging_later(level: str) -> None:
    """The same as soon as there is a line; for who rarely has one, since structlog takes long to load.

    level: "warning" or higher, since until then nothing keeps the talkative libraries quiet
    """
    root = logging.getLogger()
    root.handlers = [_Awaiting(level)]
    root.setLevel(level.upper())


class _Awaiting(logging.Handler):
    """Sets up the logging when the first line comes."""

    def __init__(self, level: str) -> None:
        super().__init__()
        self._wanted = level

    def set_up(self) -> None:
        set_up_logging(self._wanted)

    def emit(self, record: logging.LogRecord) -> None:
        """A library's line came first."""
        self.set_up()
        logging.getLogger().handle(record)


class Log:
    """What every module logs with: a logger of structlog, which is loaded with the first line."""

    def __getattr__(self, name: str) -> Any:
        import structlog

        for handler in logging.getLogger().handlers:
            if isinstance(handler, _Awaiting):
                handler.set_up()
        return getattr(structlog.get_logger(), name)


log = Log()


def _moments_as_text(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in event.items()}


def _is_news(record: logging.LogRecord) -> bool:
    """Not that a job still ran when it was rung again: ours then go on by themselves, and one that hangs is late."""
    return "maximum number of running instances reached" not in str(record.msg)


def _for_people() -> "ConsoleRenderer":
    import structlog

    return structlog.dev.ConsoleRenderer(colors="NO_COLOR" not in os.environ)


class _Masked:
    """The last step: what is rendered is what is masked, tracebacks included."""

    def __init__(self, renderer: Any) -> None:
        self._renderer = renderer

    def __call__(self, logger: Any, name: str, event: Any) -> str:
        return redactor.clean(str(self._renderer(logger, name, event)))
