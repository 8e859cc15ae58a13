"""Frozen types and enums; the standard library only."""
