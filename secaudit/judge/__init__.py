"""Checks and facts become results: a pure function, so that stored evidence can be judged again."""

from secaudit.judge.examples import ExampleOutcome, run_examples
from secaudit.judge.judge import Judge

__all__ = ["ExampleOutcome", "Judge", "run_examples"]
