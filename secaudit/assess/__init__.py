"""Results become outcomes: pure algebra over the steps, objects and items of the standard."""

from secaudit.assess.assessing import assess
from secaudit.assess.selection import catalogue_for

__all__ = ["assess", "catalogue_for"]
