"""An assessment becomes one versioned JSON view; every format is derived from the view and nothing else."""

from secaudit.report.html import write_html
from secaudit.report.material import Material, complete_records
from secaudit.report.output import write_bytes, write_json
from secaudit.report.view import view_of

__all__ = ["Material", "complete_records", "view_of", "write_bytes", "write_html", "write_json"]
