"""What happens in the year of `tests.year`: settings, troubles, unclear answers, deaths. When: a part of the year."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.credentials import page_id_for

# From which part of the year on, the cadences of the two accounts.
SETTINGS: tuple[tuple[float, dict[str, str]], ...] = (
    (
        0.0,
        {
            "twitter": 'every = "2h"\njitter = "10m"\nmin_gap = "30m"\nmax_per_day = 4\nbudget_usd_per_month = 30.0',
            "facebook": 'every = "3h"\nmax_per_day = 6',
        },
    ),
    (
        0.25,
        {
            "twitter": 'cron = "0 9-21/3 * * *"\njitter = "20m"\nmax_per_day = 5\nbudget_usd_per_month = 20.0',
            "facebook": 'every = "0s"\nmin_gap = "90m"\nmax_per_day = 8',
        },
    ),
    (
        0.5,
        {
            "twitter": 'at = ["09:00", "13:30", "18:00"]\nmax_per_month = 70\nbudget_usd_per_month = 25.0',
            "facebook": 'every = "4h"\nmax_per_month = 100',
        },
    ),
    (
        0.75,
        {
            "twitter": 'every = "5h"\njitter = "1h"\nbudget_usd_per_month = 18.0',
            "facebook": 'cron = "*/30 9-17 * * 1-5"\nmin_gap = "45m"\nmax_per_day = 10',
        },
    ),
)
ALWAYS = {
    "twitter": 'quiet_hours = "22:00-07:00"\ntimezone = "America/New_York"',
    "facebook": 'quiet_hours = "23:30-06:45"\ntimezone = "Australia/Lord_Howe"',
}


@dataclass(frozen=True)
class Trouble:
    """Something is out of order from one part of the year to another."""

    name: str
    begin: float
    end: float


# Files that are refused as a whole: settings before them stay in force.
BAD_FILES = {
    0.1: 'min_gap = "soon"',
    0.35: "max_per_month = 0",
    0.6: 'every = "1h"\ncron = "* * * * *"',
    0.8: "budget_usd_per_month = -1.0",
}
TROUBLES = (
    Trouble("source down", 0.055, 0.062),
    Trouble("ledger cannot be written", 0.16, 0.164),
    Trouble("X refuses the token", 0.26, 0.271),
    Trouble("platforms out of reach", 0.38, 0.384),
    Trouble("X asks for patience", 0.46, 0.463),
    Trouble("machine off", 0.55, 0.588),
    Trouble("source down", 0.63, 0.634),
    Trouble("Facebook refuses the token", 0.69, 0.698),
    Trouble("ledger cannot be written", 0.85, 0.852),
)
# Of all calls: answers that do not say what became of the post, and throttles.
UNCLEAR: tuple[dict[str, Any], ...] = (
    {"kind": "reset_after", "probability": 0.01, "seed": 1},
    {"kind": "reset_before", "probability": 0.005, "seed": 2},
    {"kind": "error_before", "probability": 0.01, "seed": 3},
    {"kind": "error_after", "probability": 0.005, "seed": 4},
    {"kind": "rate_limited", "probability": 0.003, "seed": 5},
    {"kind": "timeline_error", "probability": 0.05, "seed": 6, "times": -1},
)
# Where the process is killed, about every twelve days. Not between request and answer: the sandbox, whose threads know
# nothing of virtual time, might make the post when it is later; `test_kills` does that with real processes.
DEATHS = ("arm.committed", "first-byte", "answer-read", "settle.committed", "enqueue.committed", "pick")


def config_text(api_url: str, cadences: dict[str, str]) -> str:
    """The settings file of both accounts at a sandbox; `cadences`: what changes of theirs in a year."""
    return f"""
[source]
url = "sqlite:///site.db"
backlog = 20
archive = true
[ledger]
url = "sqlite:///ledger.db"
[accounts.twitter]
platform = "twitter"
api_url = "{api_url}"
timeout = "5s"
[accounts.twitter.cadence]
{cadences["twitter"]}
{ALWAYS["twitter"]}
[accounts.facebook]
platform = "facebook"
api_url = "{api_url}"
page_id = "{page_id_for("facebook")}"
timeout = "5s"
[accounts.facebook.cadence]
{cadences["facebook"]}
{ALWAYS["facebook"]}
"""
