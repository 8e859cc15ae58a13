"""Night after night: which night it is, what it owes, how it goes on after a kill, and how it is started."""
