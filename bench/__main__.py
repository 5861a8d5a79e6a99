"""python -m bench [PART…]: measures, keeps what was found in var/bench/, and writes docs/performance.md."""

import argparse
import importlib
import time

from bench.report import PAGE, keep, write_page

PARTS = ("publishing", "preview", "memory", "growth", "formatting", "recovery", "scaling")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--page", action="store_true", help="only write the page anew from what is kept")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    chosen = [] if given.page else [name for name in PARTS if name in (given.parts or PARTS)]
    for name in chosen:
        measure(name)
    print(write_page(PARTS))
    print(f"Written to {PAGE.name}.")


def measure(name: str) -> None:
    """One part, so that an interrupted run goes on with the next."""
    module = importlib.import_module(f"bench.{name}")
    print(f"{name}: {module.TITLE}; takes some {module.MINUTES} min", flush=True)
    begun = time.monotonic()
    keep(name, module.run())
    print(f"{name}: done after {(time.monotonic() - begun) / 60:.1f} min", flush=True)


if __name__ == "__main__":
    main()
