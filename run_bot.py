"""Runs the bot from a checkout: `python run_bot.py --help`."""

from bot.cli import main

if __name__ == "__main__":
    main()
