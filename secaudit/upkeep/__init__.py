"""The tool looks after itself: what is kept how long, backups, and whether it holds to its own rules."""
