"""The platforms, by dotted name: imported when used, since their libraries are slow to load."""

PLATFORMS = {
    "twitter": "bot.platforms.twitter:Twitter",
    "facebook": "bot.platforms.facebook:Facebook",
}

# The last parts of the environment variables that hold an account's secrets: BOT_<ACCOUNT>_<PART>.
SECRETS = {
    "twitter": ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"),
    "facebook": ("ACCESS_TOKEN", "APP_SECRET"),
}
