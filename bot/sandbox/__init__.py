"""A faithful local X API v2 and Facebook Graph API in one HTTP server, with faults. For tests, demo and benchmarks.

It never leaves 127.0.0.1, costs nothing, and knows the truth: what was really posted, whatever the client was told.
"""

from bot.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
