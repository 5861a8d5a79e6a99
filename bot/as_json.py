"""What the commands print with `--format json`: plain lists and objects, moments in ISO 8601 with offset."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.ledger.views import Attempt, LookView, Record
from bot.standing import Standing

if TYPE_CHECKING:
    # `status` must not pay for the formatter.
    from bot.explain import Told
    from bot.formatter.compose import Composed
    from bot.ledger.alerting import Standing as StandingAlert
    from bot.ledger.daemons import InForce
    from bot.origins import Setting
    from bot.preview import Plan


def dump(value: Any) -> str:
    """JSON as UTF-8 text."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_moment)


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def plans(shown: Iterable["Plan"]) -> list[dict[str, Any]]:
    """The list that the contract describes: one object a post."""
    return [
        {
            "account": post.account,
            "platform": post.platform,
            "summary": post.delivery.summary,
            "link": post.link,
            "text": post.text,
            "length": post.length,
            "limit": post.limit,
            "cost_usd": post.cost_usd,
            "due": post.due.astimezone(plan.account.settings.cadence.timezone) if post.due else None,
            "warnings": list(post.warnings),
        }
        for plan in shown
        for post in plan.posts
    ]


def record(entry: Record) -> dict[str, Any]:
    """A delivery."""
    return {**dataclasses.asdict(entry), "lane": entry.lane.name.lower(), "state": str(entry.state)}


def standings(
    shown: Sequence[Standing],
    troubled: Sequence[Record],
    alerts: Sequence["StandingAlert"],
    in_force: Sequence["InForce"],
) -> dict[str, Any]:
    """`status`."""
    return {
        "accounts": [_standing(one) for one in shown],
        "troubled": [record(entry) for entry in troubled],
        "alerts": [_alert(one) for one in alerts],
        "daemons": [_in_force(one) for one in in_force],
    }


def _in_force(one: "InForce") -> dict[str, Any]:
    return {
        "generation": one.generation,
        "since": one.since,
        "takes_effect_at_next_start": one.restart,
        "refused": [{"key": problem.where, "why": problem.what} for problem in one.refused],
        "refused_at": one.refused_at,
    }


def _alert(one: "StandingAlert") -> dict[str, Any]:
    alert = one.alert
    told = {"kind": alert.kind, "account": alert.account, "what": alert.title, "why": alert.detail, "todo": alert.todo}
    return {**told, "since": one.began_at}


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "account": one.name,
        "platform": one.platform,
        "started": one.state.opened_at,
        "pulled_to": one.state.pulled_to,
        "paused": one.pause.why if one.pause else None,
        "todo": one.pause.remedy if one.pause else None,
        "next": one.next_post.at,
        "why": one.next_post.reason,
        "last": one.last,
        "states": {str(state): count for state, count in one.counts.items()},
        "waiting": {lane.name.lower(): count for lane, count in one.waiting.items()},
        "spent_usd": one.spent_usd,
        "budget_usd": one.budget_usd,
    }


def settings(path: Path, found: Iterable["Setting"]) -> dict[str, Any]:
    """`config`."""
    return {"file": str(path), "settings": [dataclasses.asdict(setting) for setting in found]}


def deliveries(entries: Iterable[Record]) -> list[dict[str, Any]]:
    """`history`."""
    return [record(entry) for entry in entries]


def told(shown: "Told") -> list[dict[str, Any]]:
    """`show`: one object a delivery, and one for each account that has none yet; each with the post as it would be."""
    posts = {post.account: post for post in shown.posts}
    entries = [_story(*story) for story in shown.stories]
    missing = [name for name in posts if name not in [entry["account"] for entry in entries]]
    entries += [_unrecorded(shown, name) for name in missing]
    for entry in entries:
        post = posts.get(entry["account"])
        entry["composed"] = _composed(post.composed) if post and post.composed else None
        entry["problem"] = (post.problem if post else shown.note) or None
    return entries


def _story(entry: Record, attempts: Sequence[Attempt], looks: Sequence[LookView]) -> dict[str, Any]:
    return {
        **record(entry),
        "attempts": [dataclasses.asdict(attempt) for attempt in attempts],
        "looks": [dataclasses.asdict(look) for look in looks],
    }


def _unrecorded(shown: "Told", account: str) -> dict[str, Any]:
    known = {"summary": shown.key, "title": shown.title, "account": account}
    return {**dict.fromkeys(field.name for field in dataclasses.fields(Record)), **known, "attempts": [], "looks": []}


def _composed(post: "Composed") -> dict[str, Any]:
    """A post and why it is as it is; a sentence's score is null where it is fit for no post."""
    return {
        "text": post.post.text,
        "link": post.post.link,
        "length": post.length,
        "limit": post.limit,
        "warnings": list(post.warnings),
        "gave_way": list(post.gave_way),
        "considered": [
            {
                "text": sentence.text,
                "score": sentence.score,
                "usable": sentence.usable,
                "reasons": list(sentence.reasons),
                "used": sentence.place in post.used,
            }
            for sentence in post.considered
        ],
    }
