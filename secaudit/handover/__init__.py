"""What leaves the office, and the chained record of what happened."""
