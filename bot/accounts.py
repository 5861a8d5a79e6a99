"""An account as the bot uses it: its settings, what a post costs there, and when its turn is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.cadence import Decision, Needed, month_of, needed, next_moment
from bot.config import Config
from bot.ledger.models import AccountState
from bot.ledger.rows import Turn
from bot.platforms.base import Post
from bot.platforms.prices import post_cost_usd
from bot.settings import Account as AccountSettings

if TYPE_CHECKING:
    # `status` asks for turns only, and must not pay for the formatter.
    from bot.formatter.compose import Composer

# Every post of ours holds its link, and that is what it costs.
A_POST = Post(text="https://example.org", link="https://example.org")
# The first look at an unclear attempt comes after this part of `settle` (DESIGN, ledger 4).
FIRST_LOOK = 15
# No adapter asks for longer; what is further ahead was written by a clock that was wrong, and is not waited for.
LONGEST_PATIENCE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Pause:
    """Why an account is paused, and what a person does to let it go on."""

    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Turns:
    """When an account may post. `cost_usd`: of a post with a link; `archive`: whether older summaries are posted when
    nothing else waits."""

    name: str
    settings: AccountSettings
    cost_usd: float
    archive: bool

    @property
    def platform(self) -> str:
        """The platform's name."""
        return self.settings.platform

    @property
    def first_look(self) -> timedelta:
        """How long after an unclear attempt the account's posts are read back first."""
        return self.settings.settle / FIRST_LOOK

    def needed(self, now: datetime) -> Needed:
        """What `decide` wants to know of its history."""
        return needed(self.settings.cadence, now)

    def month(self, moment: datetime) -> str:
        """The month that `moment` is paid in."""
        return month_of(self.settings.cadence, moment)

    def pause(self, state: AccountState) -> Pause | None:
        """Why nothing is sent on the account whatever its cadence says; None if it is not paused."""
        if state.paused_at is not None:
            return Pause(state.pause_reason or "", state.pause_remedy or "")
        if self.settings.paused:
            return Pause("in the settings", f"set accounts.{self.name}.paused = false")
        return None

    def decide(self, turn: Turn, now: datetime) -> Decision:
        """When the account may post next, and why not sooner: pauses and doubts first, the cadence then."""
        state = turn.account
        if pause := self.pause(state):
            return Decision(None, f"paused: {pause.why}")
        if state.opened_at is None:
            failed = ": own posts could not be read back; see `run_bot.py check`" if state.retry_at else ""
            return Decision(None, f"the first start is not over{failed}")
        if turn.busy:
            return Decision(max(now, turn.busy_until or now) + timedelta(seconds=1), turn.busy)
        if state.retry_at is not None and now < state.retry_at <= now + LONGEST_PATIENCE:
            later = next_moment(self.settings.cadence, self.name, turn.history, self.cost_usd, state.retry_at)
            reason = "the platform is out of reach or asked for patience"
            return later if later.at is None or later.at > state.retry_at else Decision(state.retry_at, reason)
        return next_moment(self.settings.cadence, self.name, turn.history, self.cost_usd, now)


@dataclass(frozen=True, slots=True)
class Account(Turns):
    """One configured identity on one platform, with what makes its posts."""

    composer: "Composer"


def build_turns(config: Config) -> dict[str, Turns]:
    """Every configured account's turns, without its templates."""
    return {
        name: Turns(name, settings, post_cost_usd(settings.platform, A_POST, config.prices), config.source.archive)
        for name, settings in config.accounts.items()
    }
