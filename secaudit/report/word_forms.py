"""Every kind of Word document that is placed in a template."""

from collections.abc import Mapping
from typing import Final

from secaudit.report.recheck_word import FORM as RECHECK
from secaudit.report.rectification_word import FORM as RECTIFICATION_NOTICE
from secaudit.report.word import SELF_ASSESSMENT
from secaudit.report.word_form import WordForm

FORMS: Final[Mapping[str, WordForm]] = {
    form.name: form for form in (SELF_ASSESSMENT, RECTIFICATION_NOTICE, RECHECK)
}
