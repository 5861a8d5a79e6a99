"""Plans for the preview page, made by hand: whatever a summary, a setting or a note could hold at its worst."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.accounts import Account
from bot.config import load_config
from bot.ledger.models import Delivery, Lane
from bot.preview import Plan, Planned
from bot.runtime import build_accounts

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LINK = "http://www.shortscience.org/paper?bibtexKey=journals/corr/1611.03530&a=reader"

# Each sets `pwned` if any of it is ever read as markup.
HOSTILE = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror="window.pwned=1">',
    "'><svg onload='window.pwned=1'>",
    "</style><script>window.pwned=1</script>",
    "</title></head><body onload=window.pwned=1>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "javascript:window.pwned=1//http://example.org",
    '<link rel=stylesheet href=https://evil.example/x.css><style>@import "https://evil.example/y.css";</style>',
    "<meta http-equiv=refresh content='0;url=https://evil.example/'><base href=https://evil.example/>",
    "שלום עולם \u202egpj.exe #שלום <b>מודגש</b>",
    # Last, for where it is read as markup it hides all that follows.
    "{{ 7 * 7 }} {% raw %} &lt;script&gt; <!-- ]]>",
)
LONG_WORD = "W" * 300


def accounts() -> dict[str, Account]:
    """The shipped accounts, `twitter` and `facebook`, with the shipped templates."""
    return build_accounts(load_config(ROOT / "config" / "bot.toml"))


def planned(
    account: str, text: str, *, link: str = LINK, title: str = "A paper", length: int = 200, **rest: object
) -> Planned:
    """A post that is due now; on X its link is put below the text."""
    values = {
        "account": account,
        "platform": account,
        "delivery": Delivery(1, "316120b59b02ec30", "1", title, account, Lane.FRESH, NOW, 1, NOW),
        "link": link,
        "text": f"{text}\n{link}" if account == "twitter" and text else text,
        "length": length,
        "limit": 280 if account == "twitter" else 600,
        "cost_usd": 0.2,
        "due": NOW,
        "why": "one post every 2h",
        "warnings": (),
    }
    return Planned(**{**values, **rest})  # type: ignore[arg-type]


def plan(account: str, posts: Sequence[Planned], *, more: int = 0, notes: tuple[str, ...] = ()) -> Plan:
    return Plan(accounts()[account], tuple(posts), more, notes)


def hostile_plans() -> list[Plan]:
    """Every hostile text in every place that holds words of others, or of a platform or a database."""
    return [
        plan(
            name,
            [
                *(planned(name, text, title=text, why=text, warnings=(text,)) for text in HOSTILE),
                *(planned(name, "A link that is none.", link=text) for text in HOSTILE),
                planned(name, f"{LONG_WORD} #{LONG_WORD}", title=LONG_WORD, link=f"{LINK}{LONG_WORD}", why=LONG_WORD),
                planned(name, "", due=None, why=f"cannot be composed, would be held: {LONG_WORD}", length=0),
                planned(name, "No room is left.", length=279, warnings=("title shortened", LONG_WORD)),
            ],
            more=3,
            notes=(*HOSTILE, LONG_WORD),
        )
        for name in ("twitter", "facebook")
    ]
