"""shortscience-bot: summaries from a database, as posts on X and Facebook."""

import os

# Looking for plugins of pydantic's, of which there are none here, costs every command 20 ms.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
