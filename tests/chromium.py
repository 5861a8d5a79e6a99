"""A real Chromium for the tests, driven over plain HTTP as W3C WebDriver says (w3.org/TR/webdriver2)."""

import base64
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.services import NoService

GET_CHROMIUM = "install Chromium (Debian: apt-get install chromium chromium-driver)"
START_SECONDS = 60
# The last one: no test leaves this machine.
FLAGS = (
    *"--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(),
    *"--disable-component-update --disable-sync --hide-scrollbars".split(),
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


@dataclass(frozen=True)
class Chromium:
    """One browser with one tab. `session`: its address at the driver."""

    session: str

    def show(self, file: Path, width: int, *, dark: bool = False) -> None:
        """Open a file in a window of this width, for a reader who prefers this theme. Clears what was said before."""
        self.look(width, dark=dark)
        for log in ("browser", "performance"):
            self._log(log)
        self._call("url", {"url": file.as_uri()})

    def look(self, width: int, *, dark: bool) -> None:
        """The same page at another width, with another preference."""
        self._devtools("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._devtools("Emulation.setEmulatedMedia", features=[theme])

    def ask(self, expression: str) -> Any:
        """What a JavaScript expression comes to on the page."""
        return self._call("execute/sync", {"script": f"return {expression}", "args": []})

    def click(self, selector: str) -> None:
        found = self._call("element", {"using": "css selector", "value": selector})
        self._call(f"element/{next(iter(found.values()))}/click", {})

    def press(self, key: str) -> None:
        """A key, where the focus is."""
        keys = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self._call("actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})

    def complaints(self) -> list[str]:
        """What the console holds since the page was opened: script errors, refused resources."""
        return [entry["message"] for entry in self._log("browser")]

    def requested(self) -> list[str]:
        """Every address that the page asked for since it was opened, itself included; not what its policy refused."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        failed = [one["params"] for one in messages if one["method"] == "Network.loadingFailed"]
        refused = {one["requestId"] for one in failed if one.get("blockedReason") == "csp"}
        sent = [one["params"] for one in messages if one["method"] == "Network.requestWillBeSent"]
        return [one["request"]["url"] for one in sent if one["requestId"] not in refused]

    def screenshot(self, file: Path) -> None:
        """The page in its whole height, as PNG."""
        size = {"width": self.ask("innerWidth"), "height": self.ask("document.documentElement.scrollHeight")}
        clip = {"x": 0, "y": 0, "scale": 1, **size}
        taken = self._devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        file.write_bytes(base64.b64decode(taken["data"]))

    def _devtools(self, command: str, **parameters: Any) -> Any:
        return self._call("goog/cdp/execute", {"cmd": command, "params": parameters})

    def _log(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call("se/log", {"type": kind})
        return found

    def _call(self, command: str, body: dict[str, Any]) -> Any:
        return _post(f"{self.session}/{command}", body)


@contextmanager
def chromium() -> Iterator[Chromium]:
    """A fresh browser with a profile of its own. Raises NoService where there is none."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or driver is None:
        raise NoService(GET_CHROMIUM)
    with tempfile.TemporaryDirectory(prefix="bot-test-chromium-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "driver.log"
        with log.open("wb") as out:
            process = subprocess.Popen([driver, "--port=0"], stdout=out, stderr=out)
        try:
            address = f"http://127.0.0.1:{_port(process, log)}/session"
            session = f"{address}/{_open(address, browser, [*FLAGS, f'--user-data-dir={folder}/profile'])}"
            yield Chromium(session)
            requests.delete(session, timeout=START_SECONDS)
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def _port(driver: "subprocess.Popen[bytes]", log: Path) -> int:
    """The port that the driver has taken, once it listens."""
    deadline = time.monotonic() + START_SECONDS
    while driver.poll() is None and time.monotonic() < deadline:
        if found := re.search(r"started successfully on port (\d+)", log.read_text(errors="replace")):
            return int(found[1])
        time.sleep(0.05)
    raise NoService(f"chromedriver does not start: {log.read_text(errors='replace')[-500:]}")


def _open(address: str, browser: str, flags: Sequence[str]) -> str:
    options = {"binary": browser, "args": list(flags)}
    logs = {"browser": "ALL", "performance": "ALL"}
    wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": logs}
    return str(_post(address, {"capabilities": {"alwaysMatch": wanted}})["sessionId"])


def _post(address: str, body: dict[str, Any]) -> Any:
    answer = requests.post(address, json=body, timeout=START_SECONDS).json()["value"]
    if isinstance(answer, dict) and "error" in answer:
        raise AssertionError(f"{answer['error']}: {answer['message']}")
    return answer
