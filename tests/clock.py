"""A clock that tests set."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Stands still until it is told to move."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)) -> None:
        self.moment = start

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        self.moment += timedelta(**span)
