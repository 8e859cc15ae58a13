"""Observations become facts: pure typed parsers, one module a topic; a fact is whole or a gap."""
