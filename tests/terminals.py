"""A person at a terminal: runs a command on a pseudo-terminal of its own, reads what it shows, types answers."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

PATIENCE = 30


class AtTerminal:
    """One command. `shown` is all that stood on the screen, echoes included."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._screen, terminal = pty.openpty()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "COLUMNS": "400"},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)
        self.shown = ""

    def expect(self, text: str) -> str:
        """Wait until `text` is on the screen; returns all that is."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert self._read(deadline), f"{text!r} never came; shown: {self.shown}"
        return self.shown

    def type(self, line: str) -> None:
        os.write(self._screen, f"{line}\n".encode())

    def end(self) -> int:
        """Read to the end; the exit status."""
        while self._read(time.monotonic() + PATIENCE):
            pass
        os.close(self._screen)
        return self._process.wait(PATIENCE)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._screen], [], [], max(deadline - time.monotonic(), 0))
        try:
            piece = os.read(self._screen, 65_536) if ready else b""
        except OSError:  # the other side has gone
            return False
        self.shown += piece.decode("utf-8", "replace")
        return bool(piece)
