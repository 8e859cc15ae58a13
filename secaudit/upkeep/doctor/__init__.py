"""Holds the tool against its own rules: each topic gathers facts, and judges them without looking again."""

from secaudit.upkeep.doctor.line import Line, State, Topic, gravest

__all__ = ["Line", "State", "Topic", "gravest"]
