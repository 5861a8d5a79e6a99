"""shortscience-bot: summaries from a database, as posts on X and Facebook."""
