"""The preview page as the bot writes it, and as a real Chromium shows it."""

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.preview_page import page
from bot.resources import packaged
from tests.bot_process import BotProcess, config_text
from tests.chromium import Chromium, chromium
from tests.conftest import do_without
from tests.previews import HOSTILE, NOW, hostile_plans, plan, planned
from tests.services import NoService
from tests.site import Site

WIDTHS = (320, 768, 1440)
# The right edge of whatever stands farthest right; nothing that scrolls by itself hides in it.
RIGHT_EDGE = "Math.max(...[...document.querySelectorAll('body *')].map(one => one.getBoundingClientRect().right))"
GROUND = "getComputedStyle(document.body).backgroundColor"
FRAME = "document.querySelector('.frame').getBoundingClientRect().width"
LIGHT, DARK = "rgb(244, 245, 247)", "rgb(12, 14, 18)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    try:
        with chromium() as started:
            yield started
    except NoService as error:
        do_without(str(error))


@pytest.fixture
def bot(tmp_path: Path) -> BotProcess:
    """A bot beside a site whose summaries are hostile all over."""
    site = Site(f"sqlite:///{tmp_path / 'site.db'}")
    site.user(1, "author")
    for number, words in enumerate(HOSTILE):
        site.paper(
            f"key/{number}<script>", f"Paper {number} {words}", authors=words, venue=words, tags=f"cs.LG, {words}"
        )
        text = f"The authors propose method {number}, {words} and show that it works well.\n\n{words}"
        site.summary(f"key/{number}<script>", 1, text)
    site.engine.dispose()
    bot = BotProcess(tmp_path)
    bot.configure(config_text('url = "sqlite:///site.db"\nbacklog = "all"', "http://127.0.0.1:9"))
    return bot


def written(bot: BotProcess) -> Path:
    """The page that the bot writes, in a file, as an operator does it; its locale knows no UTF-8."""
    file = bot.folder / "preview.html"
    with file.open("wb") as out:
        environment = bot.environment_with({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
        command = bot.command("--dry-run", "--format", "html")
        done = subprocess.run(command, cwd=bot.folder, env=environment, stdout=out, stderr=subprocess.PIPE, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")
    return file


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample that ships with the bot."""
    return written(BotProcess(tmp_path_factory.mktemp("sample")))


def made(folder: Path, text: str) -> Path:
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8")
    return file


# --- as the bot writes it ---------------------------------------------------------------------------------------


def test_it_is_one_page_in_utf_8_whatever_the_locale(bot: BotProcess) -> None:
    text = written(bot).read_bytes().decode("utf-8")
    assert text.startswith("<!doctype html>\n")
    assert text.endswith("</html>")
    assert text.count('<article class="post">') == 2 * len(HOSTILE)
    for post in bot.json("--dry-run"):
        assert f"{post['length']}/{post['limit']}" in text
        assert post["summary"] in text


def test_on_a_terminal_it_says_how_to_look_at_it(bot: BotProcess) -> None:
    ours, theirs = pty.openpty()
    command = bot.command("--dry-run", "--format", "html", "--limit", "0")
    environment = bot.environment_with({})
    with subprocess.Popen(command, cwd=bot.folder, env=environment, stdout=theirs, stderr=subprocess.PIPE) as process:
        os.close(theirs)
        while _read(ours):
            pass
        assert process.stderr is not None
        said = process.stderr.read().decode()
    os.close(ours)
    assert "That was a web page. To look at it: run_bot.py --dry-run --format html > preview.html" in said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # So a terminal says that the last program has gone.
        return b""


@pytest.mark.parametrize("arguments", [("--once",), (), ("status",), ("--once", "--sandbox")])
def test_only_a_preview_makes_a_page(arguments: tuple[str, ...], bot: BotProcess) -> None:
    done = bot.run("--format", "html", *arguments)
    assert done.returncode == 2
    assert "--format html goes with --dry-run only" in done.stderr
    assert done.stdout == ""


def test_a_command_knows_no_pages(bot: BotProcess) -> None:
    done = bot.run("status", "--format", "html")
    assert done.returncode == 2
    assert "'html' is not one of 'text', 'json'" in done.stderr


def test_a_mistake_in_the_operators_template_is_named(bot: BotProcess) -> None:
    (bot.folder / "templates").mkdir()
    (bot.folder / "templates" / "preview.html.j2").write_text("<p>\n{{ post.txet }}", encoding="utf-8")
    done = bot.run("--dry-run", "--format", "html")
    assert done.returncode == 2
    assert done.stderr == "templates/preview.html.j2, line 2: 'post' is undefined\n"


# --- as Chromium shows it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_every_screen_and_follows_the_readers_theme(
    width: int, dark: bool, browser: Chromium, sample: Path, tmp_path: Path
) -> None:
    hostile = made(tmp_path, page(hostile_plans(), [packaged("templates")], NOW, HOSTILE))
    for file in (hostile, sample):
        browser.show(file, width, dark=dark)
        assert browser.ask("innerWidth") == width
        assert browser.ask("document.documentElement.scrollWidth") <= width
        assert browser.ask(RIGHT_EDGE) <= width
        assert browser.ask(GROUND) == (DARK if dark else LIGHT)
        assert browser.complaints() == []
        assert browser.requested() == [file.as_uri()]
    # Kept in pytest's temporary folder, to be looked at.
    browser.screenshot(tmp_path / "sample.png")


def test_what_the_bot_writes_of_hostile_summaries_runs_nothing_and_asks_for_nothing(
    bot: BotProcess, browser: Chromium
) -> None:
    file = written(bot)
    browser.show(file, 320)
    assert browser.ask("document.querySelectorAll('.frame').length") == 2 * len(HOSTILE)
    assert browser.ask("typeof window.pwned") == "undefined"
    assert browser.ask("location.href") == file.as_uri()
    assert browser.ask("document.documentElement.scrollWidth") <= 320
    assert browser.complaints() == []
    assert browser.requested() == [file.as_uri()]


def without(folder: Path, *safeguards: str) -> str:
    """The page of hostile posts with `escaping` or the `policy` switched off."""
    template = (packaged("templates") / "preview.html.j2").read_text(encoding="utf-8")
    if "policy" in safeguards:
        template = template.replace('http-equiv="Content-Security-Policy"', 'name="nothing"')
    if "escaping" in safeguards:
        template = f"{{% autoescape false %}}{template}{{% endautoescape %}}"
    (folder / "preview.html.j2").write_text(template, encoding="utf-8")
    posts = [planned("twitter", words) for words in HOSTILE if "refresh" not in words]
    return page([plan("twitter", posts)], [folder], NOW)


@pytest.mark.parametrize("safeguards", [(), ("policy",), ("escaping",)], ids=["none", "policy", "escaping"])
def test_nothing_runs_with_either_safeguard_off(safeguards: tuple[str, ...], browser: Chromium, tmp_path: Path) -> None:
    browser.show(made(tmp_path, without(tmp_path, *safeguards)), 768)
    assert browser.ask("typeof window.pwned") == "undefined"
    assert [address for address in browser.requested() if address.startswith("http")] == []


def test_with_both_safeguards_off_it_runs(browser: Chromium, tmp_path: Path) -> None:
    """The control: what the other tests look for would be seen."""
    browser.show(made(tmp_path, without(tmp_path, "policy", "escaping")), 768)
    assert browser.ask("window.pwned") == 1
    assert [address for address in browser.requested() if "evil.example" in address] != []


def test_theme_and_width_are_switched_by_mouse_and_by_keyboard(browser: Chromium, tmp_path: Path) -> None:
    posts = {name: [planned(name, "Words of a post. " * 9)] for name in ("twitter", "facebook")}
    file = made(tmp_path, page([plan(name, posts[name]) for name in posts], [packaged("templates")], NOW))
    browser.show(file, 1440)
    assert (browser.ask(GROUND), browser.ask(FRAME)) == (LIGHT, 598)
    browser.click("label:has(#theme-dark)")
    browser.click("label:has(#width-phone)")
    assert (browser.ask(GROUND), browser.ask(FRAME)) == (DARK, 375)
    # Back by the arrow key, as radio buttons are; the focus can be seen.
    browser.press("\ue012")
    assert browser.ask(FRAME) == 598
    assert browser.ask("getComputedStyle(document.querySelector('#width-desktop + span')).outlineStyle") == "solid"
    browser.look(1440, dark=True)
    browser.click("label:has(#theme-light)")
    assert browser.ask(GROUND) == LIGHT


CONTRAST = """(() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => parts(colour).slice(0, 3).map(part => part / 255)
    .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [.2126, .7152, .0722][index], 0);
  const behind = one => {
    while (one && (parts(getComputedStyle(one).backgroundColor)[3] ?? 1) === 0) one = one.parentElement;
    return getComputedStyle(one ?? document.body).backgroundColor;
  };
  const ratio = one => {
    const [low, high] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  const said = one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  return [...document.querySelectorAll('body *')].filter(one => said(one) && !one.closest('.avatar'))
    .map(one => [ratio(one), one.className || one.tagName]).filter(([found]) => found < 4.5);
})()"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_stands_out_from_its_ground(dark: bool, browser: Chromium, tmp_path: Path) -> None:
    """By WCAG's measure, 4.5 to 1 (w3.org/TR/WCAG22, 1.4.3)."""
    file = made(tmp_path, page(hostile_plans(), [packaged("templates")], NOW, ["a trouble"]))
    browser.show(file, 1440, dark=dark)
    assert browser.ask(CONTRAST) == []


def test_headings_lead_through_the_page(browser: Chromium, tmp_path: Path) -> None:
    posts = [planned("twitter", "One"), planned("twitter", "Two")]
    browser.show(made(tmp_path, page([plan("twitter", posts)], [packaged("templates")], NOW)), 768)
    headings = browser.ask("[...document.querySelectorAll('h1, h2, h3')].map(one => one.tagName + ' ' + one.innerText)")
    assert headings == ["H1 Preview", "H2 twitter", "H3 1. Sat 21 Nov 07:00 EST", "H3 2. Sat 21 Nov 07:00 EST"]
