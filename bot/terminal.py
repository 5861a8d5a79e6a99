"""What the commands print for people: fitted to the terminal, links never folded, NO_COLOR respected."""

import json
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.control import strip_control_codes
from rich.markup import escape
from rich.text import Text

from bot.cadence import Decision
from bot.ledger.models import Lane, State
from bot.ledger.views import TROUBLED, Attempt, LookView, Record
from bot.standing import Standing
from bot.values import moment

if TYPE_CHECKING:
    # `status` must not pay for the formatter.
    from bot.explain import Explained, Told
    from bot.formatter.analysis import Sentence
    from bot.ledger.alerting import Standing as StandingAlert
    from bot.ledger.daemons import InForce
    from bot.origins import Setting
    from bot.preview import Plan, Planned

# A post is read most easily at about this width, however wide the terminal is.
READABLE = 100
# Of the values in `config`, all but a query are shorter; `--format json` has it whole.
LONGEST_VALUE = 80
# Where the values of `status` begin.
INDENT = 13
# What `status` says of the account, or of the delivery, beside the alert.
TOLD_ABOVE = ("paused", "held")


class Terminal:
    """Prints to stdout; says what it is doing on stderr, where there is someone to see it."""

    def __init__(self) -> None:
        self.out = Console(highlight=False, soft_wrap=False)
        self._folds = self.out.is_terminal
        self._status = Console(stderr=True).status("") if sys.stderr.isatty() else None

    def doing(self, what: str) -> None:
        """Show what takes its time; nothing where stderr is no terminal."""
        if self._status is not None:
            self._status.update(what)
            self._status.start()

    def done(self) -> None:
        """Take that line away."""
        if self._status is not None:
            self._status.stop()

    def line(self, text: str = "", style: str | None = None) -> None:
        """One line as it is, never folded."""
        if style is None or not self._folds:
            # A tenth of the time, which shows in a long preview.
            self.out.file.write(f"{strip_control_codes(text)}\n")
        else:
            self.out.print(Text(text, style=style), soft_wrap=True)

    # --- preview ------------------------------------------------------------------------------------------------

    def plans(self, plans: Sequence["Plan"]) -> None:
        """Each account's next posts, exactly as they would go out."""
        for plan in plans:
            self._plan(plan)

    def _plan(self, plan: "Plan") -> None:
        account, zone = plan.account, plan.account.settings.cadence.timezone
        cost = sum(post.cost_usd for post in plan.posts)
        count = f"{len(plan.posts)} {'post' if len(plan.posts) == 1 else 'posts'}"
        self.out.rule(escape(f"{account.name} · {account.platform} · {count} · ${cost:.3f}"), align="left")
        for number, post in enumerate(plan.posts, 1):
            self._planned(number, post, zone)
        for note in plan.notes:
            self.line(f"! {note}", "yellow")
        if not plan.posts:
            self.line("Nothing to post.")
        if plan.more > 0:
            self.line(f"… and {plan.more} more; --limit shows more at once.", "dim")
        self.line()

    def _planned(self, number: int, post: "Planned", zone: ZoneInfo) -> None:
        due = f"{moment(post.due, zone)} ({post.why})" if post.due else f"never: {post.why}"
        self.line(f"{number}. {due}", "bold")
        self.line(f"   {post.length}/{post.limit} · ${post.cost_usd:.3f} · summary {post.delivery.summary}", "dim")
        for line in self._folded(post.text):
            self.line(f"   │ {line}".rstrip())
        if post.link not in post.text:
            self.line(f"   ↳ {post.link}")
        for warning in post.warnings:
            self.line(f"   ! {warning}", "yellow")
        self.line()

    def _folded(self, text: str, indent: int = 5) -> Iterable[str]:
        """On a terminal folded at words, never inside one, so that no link breaks; elsewhere as it is."""
        width = min(self.out.width, READABLE) - indent
        for line in text.split("\n"):
            if self._folds and line:
                yield from textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
            else:
                yield line

    # --- what was done ------------------------------------------------------------------------------------------

    def posted(self, entries: Sequence[Record], zone: ZoneInfo) -> None:
        """A table of posts: where, when, what; below each its receipt and address, which are never shortened."""
        if not entries:
            self.line("Nothing was posted.")
            return
        name = max(7, *(len(entry.account) for entry in entries))
        moments = [moment(entry.posted_at, zone) if entry.posted_at else "" for entry in entries]
        when = max(map(len, moments))
        left = max(20, self.out.width - name - when - 4)
        self.line(f"{'account':{name}}  {'posted':{when}}  summary", "bold")
        for entry, at in zip(entries, moments, strict=True):
            self.line(f"{entry.account:{name}}  {at:{when}}  {shortened(entry.title, left)}")
            receipt = f"receipt {entry.post_id}  " if entry.post_id else ""
            self.line(f"{'':{name}}  {receipt}{entry.post_url or 'no address'}", "cyan")

    # --- status -------------------------------------------------------------------------------------------------

    def standings(self, standings: Sequence[Standing], troubled: Sequence[Record], zones: Sequence[ZoneInfo]) -> None:
        """All accounts at a glance, then what wants a person's eye."""
        for one, zone in zip(standings, zones, strict=True):
            self._standing(one, zone)
        for entry in troubled:
            self._trouble(entry)

    def settings(self, in_force: Sequence["InForce"], zone: ZoneInfo) -> None:
        """What a daemon could not take of its settings; nothing where it has taken all."""
        for one in in_force:
            if one.refused:
                refused = f" at {moment(one.refused_at, zone)}" if one.refused_at else ""
                self.line()
                self.line(
                    f"new settings were refused{refused}; the daemon goes on with those of {moment(one.since, zone)}",
                    "bold red",
                )
                for problem in one.refused:
                    self.line(f"  {problem}")
                self.line("  to do: mend them; they are taken as soon as they are right")
            if one.restart:
                self.line()
                self.line(f"takes effect at the daemon's next start: {', '.join(one.restart)}", "yellow")

    def _standing(self, one: Standing, zone: ZoneInfo) -> None:
        self.line(one.name if one.name == one.platform else f"{one.name} · {one.platform}", "bold")
        last = f", the last one {moment(one.last, zone)}" if one.last else ""
        open_ = [f"{one.counts[state]} {state}" for state in TROUBLED if one.counts.get(state)]
        rows = {
            "next post": _next_post(one, zone),
            "waiting": _waiting(one.waiting),
            "unsettled": f"{', '.join(open_)}; see below" if open_ else "",
            "posted": f"{one.counts.get(State.POSTED, 0)}{last}",
            "spent": _spent(one),
        }
        for label, value in rows.items():
            for number, line in enumerate(self._folded(value, INDENT) if value else ()):
                self.line(f"  {label if number == 0 else '':{INDENT - 2}}{line}")

    def alerts(self, standing: Sequence["StandingAlert"], zone: ZoneInfo) -> None:
        """What a person was told of and is not over, with what to do where nothing above says so."""
        if standing:
            self.line()
            self.line("alerts in force", "bold red")
        for one in standing:
            self.line(f"  {moment(one.began_at, zone)}  {one.alert.title}")
            if one.alert.kind not in TOLD_ABOVE:
                for text in (one.alert.detail, f"to do: {one.alert.todo}"):
                    for line in self._folded(text, 4):
                        self.line(f"    {line}")

    def _trouble(self, entry: Record) -> None:
        self.line()
        self.line(f"delivery {entry.id} · {entry.account} · {entry.state}", "bold red")
        self.line(f"  {entry.title}")
        self.line(f"  {entry.reason or ''}")
        self.line(f"  to do: {todo(entry)}")

    # --- settings -----------------------------------------------------------------------------------------------

    def origins(self, path: Path, found: Sequence["Setting"]) -> None:
        """A table of settings: key, value, origin. Only what spans lines, or is very long, is cut."""
        self.line(f"settings: {path}", "bold")
        rows = [(one.key, one.value if one.secret else _value(one.value), one.origin) for one in found]
        key, value = (max(len(row[column]) for row in rows) for column in (0, 1))
        for row in rows:
            self.line(f"{row[0]:{key}}  {row[1]:{value}}  {row[2]}")

    # --- one delivery -------------------------------------------------------------------------------------------

    def told(self, told: "Told", zones: Mapping[str, ZoneInfo]) -> None:
        """A summary's deliveries; then each account's post as it would be now, and the sentences to choose from."""
        for entry, attempts, looks in told.stories:
            self.story(entry, attempts, looks, zones.get(entry.account) or next(iter(zones.values())))
            self.line()
        if not told.stories:
            self.line(told.title or "", "bold")
            self.line(f"  summary {told.key} · not in the ledger yet")
            self.line()
        if told.note:
            self.line(f"! {told.note}", "yellow")
        for post in told.posts:
            self._explained(post)
        # The accounts choose from the same sentences, which are shown once.
        for sentences in dict.fromkeys(post.composed.considered for post in told.posts if post.composed):
            self._considered(sentences, told.posts)

    def _explained(self, post: "Explained") -> None:
        if post.composed is None:
            self.line(f"{post.account} · {post.problem}", "yellow")
            self.line()
            return
        composed = post.composed
        self.line(f"{post.account} · as it would be now · {composed.length}/{composed.limit}", "bold")
        for line in self._folded(composed.post.text):
            self.line(f"   │ {line}".rstrip())
        if composed.post.link not in composed.post.text:
            self.line(f"   ↳ {composed.post.link}")
        for given_way in composed.gave_way:
            self.line(f"   gave way for length: {given_way}")
        for warning in composed.warnings:
            self.line(f"   ! {warning}", "yellow")
        self.line()

    def _considered(self, sentences: Sequence["Sentence"], posts: Sequence["Explained"]) -> None:
        """In the text's order: score, who uses it, the sentence, what raised and lowered its score."""
        choosers = [(post.account, post.composed) for post in posts if post.composed]
        heading = "sentences considered: score, and who uses them" if sentences else "the text holds no sentence"
        self.line(heading, "bold")
        for sentence in sentences:
            users = [name for name, one in choosers if one.considered == sentences and sentence.place in one.used]
            score = "unfit" if sentence.score is None else f"{sentence.score:+.2f}"
            said = ", ".join(users) or ("" if sentence.score is None or sentence.usable else "too low for any post")
            self.line(f"   {score:>6}  {said}".rstrip(), "bold green" if users else "dim")
            for line in self._folded(sentence.text):
                self.line(f"     {line}")
            for line in self._folded(" · ".join(sentence.reasons)):
                self.line(f"     {line}", "dim")

    def story(self, entry: Record, attempts: Sequence[Attempt], looks: Sequence[LookView], zone: ZoneInfo) -> None:
        """All that is known of one delivery, in the order in which it happened."""
        self.line(f"delivery {entry.id} · {entry.account} · {entry.state}", "bold")
        self.line(f"  {entry.title}")
        self.line(f"  summary {entry.summary} · {entry.lane.name.lower()} lane · {entry.votes} votes")
        self.line(f"  queued {moment(entry.queued_at, zone)}")
        if entry.reason:
            self.line(f"  {entry.reason}")
        for attempt in attempts:
            self._attempt(attempt, zone)
            for look in looks:
                if look.attempt == attempt.number:
                    self._look(look, zone)
        if entry.post_url:
            self.line(f"  posted {moment(entry.posted_at, zone) if entry.posted_at else ''}: {entry.post_url}")
        if entry.gone_at:
            self.line(f"  ! the summary is private or deleted since {moment(entry.gone_at, zone)}", "yellow")
        if entry.state in (State.HELD, State.REJECTED, State.UNKNOWN):
            self.line(f"  to do: {todo(entry)}")

    def _attempt(self, attempt: Attempt, zone: ZoneInfo) -> None:
        end = attempt.ended_as or "not ended"
        detail = f": {attempt.detail}" if attempt.detail else ""
        self.line(f"  attempt {attempt.number} · {moment(attempt.armed_at, zone)} · {end}{detail}")
        for line in self._folded(attempt.text):
            self.line(f"   │ {line}".rstrip())
        if attempt.link not in attempt.text:
            self.line(f"   ↳ {attempt.link}")

    def _look(self, look: LookView, zone: ZoneInfo) -> None:
        clean = "clean" if look.clean else f"not clean: {look.detail}"
        self.line(f"   looked {moment(look.at, zone)} · {look.hits} found · {clean}")


def shortened(text: str, width: int) -> str:
    """`text` in at most `width` characters, cut at a word."""
    return textwrap.shorten(text, width, placeholder=" …")


def todo(entry: Record) -> str:
    """What a person does about a delivery that wants one."""
    if entry.state is State.UNKNOWN:
        return "nothing; the account's own posts are read back until it is decided"
    if entry.state is State.REJECTED:
        return f"mend the cause, then: run_bot.py retry {entry.id}"
    resolve = f"run_bot.py resolve {entry.id} --posted URL | --not-posted"
    return f"run_bot.py retry {entry.id} | skip {entry.id}; if it was sent: {resolve}"


def _value(value: object) -> str:
    text = "none" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 2]} …"


def _next_post(one: Standing, zone: ZoneInfo) -> str:
    if one.pause is not None:
        return f"paused: {one.pause.why}\nto do: {one.pause.remedy}"
    return _decision(one.next_post, zone)


def _decision(decision: Decision, zone: ZoneInfo) -> str:
    return f"{moment(decision.at, zone)}\n{decision.reason}" if decision.at else decision.reason


def _waiting(waiting: dict[Lane, int]) -> str:
    return ", ".join(f"{count} {lane.name.lower()}" for lane, count in sorted(waiting.items())) or "nothing"


def _spent(one: Standing) -> str:
    budget = f" of ${one.budget_usd:.2f}" if one.budget_usd is not None else ""
    return f"${one.spent_usd:.2f}{budget} this month"
