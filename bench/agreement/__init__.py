"""The answers of secaudit, OpenSCAP and Lynis on the same hosts, side by side."""
