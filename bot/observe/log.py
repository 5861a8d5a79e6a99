"""Log lines: a constant sentence with fields. For people on a terminal, JSON otherwise; on stderr, always."""

import logging
import os
import sys
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

import structlog

from bot.observe.redact import redactor

LEVELS = ("debug", "info", "warning", "error")
# Libraries that write tokens into their debug lines (FACTS 2 and 5, tried 2026-11-20): never below warning.
TALKATIVE = ("alembic", "tweepy", "urllib3", "requests_oauthlib", "oauthlib", "apscheduler", "markdown_it", "pymysql")


def set_up_logging(level: str) -> None:
    """Send our lines and the libraries' to stderr, from `level` on, with every known secret masked."""
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


def _moments_as_text(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in event.items()}


def _is_news(record: logging.LogRecord) -> bool:
    """Not that a job still ran when it was rung again: ours then go on by themselves, and one that hangs is late."""
    return "maximum number of running instances reached" not in str(record.msg)


def _for_people() -> structlog.dev.ConsoleRenderer:
    return structlog.dev.ConsoleRenderer(colors="NO_COLOR" not in os.environ)


class _Masked:
    """The last step: what is rendered is what is masked, tracebacks included."""

    def __init__(self, renderer: Any) -> None:
        self._renderer = renderer

    def __call__(self, logger: Any, name: str, event: Any) -> str:
        return redactor.clean(str(self._renderer(logger, name, event)))
