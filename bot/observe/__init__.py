"""What the bot says of itself: log lines, with secrets masked."""
