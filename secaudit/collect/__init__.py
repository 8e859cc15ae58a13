"""Probes become one script, its answer stream becomes observations: one visit to an asset."""

from secaudit.collect.many import Allow, Means, visit_all
from secaudit.collect.turns import Turns
from secaudit.collect.visit import Outside, visit_asset

__all__ = ["Allow", "Means", "Outside", "Turns", "visit_all", "visit_asset"]
