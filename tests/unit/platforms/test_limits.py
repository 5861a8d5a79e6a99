"""What the platforms allow and charge."""

import subprocess
import sys

from bot.platforms.base import Post
from bot.platforms.limits import LIMITS
from bot.platforms.prices import post_cost_usd
from bot.settings import PricesTable

LINK = "http://www.shortscience.org/paper?bibtexKey=a&a=b"


def test_a_post_on_x_costs_more_with_a_link() -> None:
    prices = PricesTable()
    assert post_cost_usd("twitter", Post(f"Words {LINK}", LINK), prices) == 0.200
    assert post_cost_usd("twitter", Post("Words", LINK), prices) == 0.015
    assert post_cost_usd("facebook", Post("Words", LINK), prices) == 0


def test_each_platform_counts_in_its_own_way() -> None:
    assert (LIMITS["twitter"].length, LIMITS["twitter"].measure(f"数 {LINK}")) == (280, 2 + 1 + 23)
    assert (LIMITS["facebook"].length, LIMITS["facebook"].measure("数 a")) == (63_206, 3)


def test_a_preview_does_not_load_the_platforms_libraries() -> None:
    probe = "import bot.platforms.limits, sys; print({'tweepy', 'facebook', 'requests'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"
