"""Probes become one script, its answer stream becomes observations: one visit to an asset."""

from secaudit.collect.many import visit_all
from secaudit.collect.visit import Outside, visit_asset

__all__ = ["Outside", "visit_all", "visit_asset"]
