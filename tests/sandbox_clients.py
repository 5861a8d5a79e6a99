"""Plain clients of the sandbox: they sign and send, and hand back whatever comes.

The proxy settings of the environment are not for loopback, hence `trust_env`.
"""

from typing import Any

import requests
import tweepy
from requests_oauthlib import OAuth1

from bot.sandbox import Sandbox
from bot.sandbox.credentials import page_id_for, secrets_for, user_id_for

TIMEOUT = 5.0


class SandboxSession(requests.Session):
    """A session whose every request goes to the sandbox, whatever host the library has built in."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__()
        self.trust_env = False
        self._sandbox = sandbox

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]
        path = url.split("/", 3)[3]
        options.setdefault("timeout", TIMEOUT)
        options.setdefault("allow_redirects", False)
        return super().request(method, f"{self._sandbox.url}/{path}", **options)


def tweepy_client(sandbox: Sandbox, account: str = "twitter") -> tweepy.Client:
    """A `tweepy.Client` whose methods return the raw response."""
    secrets = {key.lower(): value for key, value in secrets_for("twitter", account).items()}
    client = tweepy.Client(**secrets, return_type=requests.Response)
    client.session = SandboxSession(sandbox)
    return client


def x_auth(account: str = "twitter", **other: str) -> OAuth1:
    """OAuth 1.0a for `account`; `other` replaces secrets by key."""
    secrets = {**secrets_for("twitter", account), **other}
    return OAuth1(
        secrets["CONSUMER_KEY"], secrets["CONSUMER_SECRET"], secrets["ACCESS_TOKEN"], secrets["ACCESS_TOKEN_SECRET"]
    )


def tweet(sandbox: Sandbox, text: str, account: str = "twitter", **options: Any) -> requests.Response:
    """POST /2/tweets."""
    options.setdefault("auth", x_auth(account))
    with SandboxSession(sandbox) as session:
        return session.post(f"{sandbox.url}/2/tweets", json={"text": text}, **options)


def x_timeline(sandbox: Sandbox, account: str = "twitter", **query: Any) -> requests.Response:
    """GET /2/users/:id/tweets with every field that counts."""
    fields = {"max_results": 100, "tweet.fields": "created_at,entities"}
    with SandboxSession(sandbox) as session:
        url = f"{sandbox.url}/2/users/{user_id_for(account)}/tweets"
        return session.get(url, params={**fields, **query}, auth=x_auth(account))


def page_post(sandbox: Sandbox, message: str, account: str = "facebook", **parameters: Any) -> requests.Response:
    """POST /{page}/feed; `parameters` go into the form, but `timeout` is the client's."""
    timeout = parameters.pop("timeout", TIMEOUT)
    form = {"message": message, "fields": "id,permalink_url", **parameters}
    return graph(sandbox, "POST", f"{page_id_for(account)}/feed", account, data=form, timeout=timeout)


def page_posts(sandbox: Sandbox, account: str = "facebook", **query: Any) -> requests.Response:
    """GET /{page}/published_posts."""
    fields = {"fields": "id,message,created_time,permalink_url,attachments{unshimmed_url}"}
    return graph(sandbox, "GET", f"{page_id_for(account)}/published_posts", account, params={**fields, **query})


def graph(
    sandbox: Sandbox, method: str, path: str, account: str = "facebook", version: str = "v26.0", **options: Any
) -> requests.Response:
    """A call of the Graph API with the account's token in the header."""
    token = secrets_for("facebook", account)["ACCESS_TOKEN"]
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", **options.pop("headers", {})}
    with SandboxSession(sandbox) as session:
        return session.request(method, f"{sandbox.url}/{version}/{path}", headers=headers, **options)


def texts_of(sandbox: Sandbox) -> list[str]:
    """The truth, in short."""
    return [post["text"] for post in sandbox.posts()]
