"""Ends the program that imports it."""

import sys

sys.exit("I want to be the program")
