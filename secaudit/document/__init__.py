"""Hostile YAML files become plain data with line numbers, and typed values with every mistake named."""

from secaudit.document.reader import Document, read_document
from secaudit.document.validation import validated

__all__ = ["Document", "read_document", "validated"]
