"""What the office owns, as YAML files that a person edits: organisations, systems, assets, authorisations.

``NAME_file`` is the form of a file, ``values`` and ``reach_values`` what may stand in its fields, ``loading`` reads all
of them. What changes files does so as text (``editing``), whole or not at all; acts of people are files of their own
(``acts``). ``*_import`` and ``updating`` bring in lists and workbooks.
"""

from secaudit.register.authorising import authorisation_for
from secaudit.register.loading import load_register, load_settings
from secaudit.register.settings import Settings

__all__ = ["Settings", "authorisation_for", "load_register", "load_settings"]
