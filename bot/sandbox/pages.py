"""What the sandbox serves beside the two platforms: the truth, the plan of faults, and a page for each post."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from bot.sandbox.exchange import Answer, Request, json_answer
from bot.sandbox.faults import Fault, FaultPlan
from bot.sandbox.world import SandboxPost, World

_X_PAGE = re.compile(r"/i/web/status/(\d{1,19})")
_FACEBOOK_PAGE = re.compile(r"/(\d+)/posts/(\d+)")


class Control:
    """`/__posts` and `/__faults`."""

    def __init__(
        self,
        posts: Callable[[], list[dict[str, Any]]],
        faults: FaultPlan,
        plan: Callable[[Fault], None],
    ) -> None:
        self._posts, self._faults, self._plan = posts, faults, plan

    def answer(self, request: Request) -> Answer:
        match request.method, request.path:
            case "GET", "/__posts":
                return json_answer(200, self._posts())
            case "GET", "/__faults":
                return json_answer(200, self._faults.left())
            case "DELETE", "/__faults":
                self._faults.clear()
                return json_answer(200, [])
            case "POST", "/__faults":
                return self._add(request.body)
        return json_answer(404, {"error": "there are GET /__posts and GET, POST, DELETE /__faults"})

    def _add(self, body: bytes) -> Answer:
        try:
            given = json.loads(body)
            faults = [Fault.model_validate(fault) for fault in (given if isinstance(given, list) else [given])]
        except ValidationError as error:
            problems = error.errors(include_url=False, include_context=False)
            return json_answer(400, {"error": "no such fault", "problems": problems})
        except ValueError:
            return json_answer(400, {"error": "a JSON object, or a list of them, is expected"})
        for fault in faults:
            self._plan(fault)
        return json_answer(201, self._faults.left())


def post_page(world: World, path: str) -> Answer:
    """The page of one post, as its permalink shows it; 404 for every other path."""
    post = None
    if match := _X_PAGE.fullmatch(path):
        post = world.find("twitter", match[1])
    elif match := _FACEBOOK_PAGE.fullmatch(path):
        post = world.find("facebook", f"{match[1]}_{match[2]}")
    if post is None:
        return Answer(404, b"There is no such post.", {"Content-Type": "text/plain; charset=utf-8"})
    return Answer(200, _as_html(post).encode(), {"Content-Type": "text/html; charset=utf-8"})


def _as_html(post: SandboxPost) -> str:
    """A page that holds nothing but the post; its text is data and never becomes markup."""
    name, text, link = html.escape(post.account), html.escape(post.text), html.escape(post.link)
    is_web = post.link.startswith(("http://", "https://"))
    card = f'<p><a href="{link}" rel="noreferrer">{link}</a></p>' if is_web else ""
    made = f"{post.platform} · {post.created:%Y-%m-%d %H:%M:%S} UTC · {post.id}"
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name} in the sandbox</title>
<style>
body {{ font: 16px/1.45 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem; }}
p {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
footer {{ color: #666; font-size: 0.85rem; }}
</style></head>
<body><h1>{name}</h1><p>{text}</p>{card}
<footer>{made} · a sandbox, not the real thing</footer>
</body></html>
"""
