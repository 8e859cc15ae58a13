"""Probes become one script, its answer stream becomes observations: one visit to an asset."""

from secaudit.collect.visit import visit_asset

__all__ = ["visit_asset"]
