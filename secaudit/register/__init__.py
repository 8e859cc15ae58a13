"""What the office owns, as YAML files that a person edits: organisations, systems, assets, authorisations."""

from secaudit.register.authorising import authorisation_for
from secaudit.register.loading import load_register, load_settings
from secaudit.register.settings import Settings

__all__ = ["Settings", "authorisation_for", "load_register", "load_settings"]
