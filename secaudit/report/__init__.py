"""An assessment becomes one versioned JSON view; every format is derived from the view and nothing else.

``view`` and its parts come first; then a module a format, named for it: ``html``, ``pdf_*``, ``word*``, ``workbook``,
``csv_text``. Workbooks that people fill in are written by ``NAME_workbook`` or ``questionnaire`` and read back by
``filled_NAME``. Other documents bear their own names: ``notice_*``, ``brief_*``, ``trend_*``, ``recheck*``, ``watch``.
Words and templates lie in ``reports/``, never here.
"""

from secaudit.report.html import write_html
from secaudit.report.material import Material, complete_records
from secaudit.report.output import write_bytes, write_json
from secaudit.report.view import view_of

__all__ = ["Material", "complete_records", "view_of", "write_bytes", "write_html", "write_json"]
