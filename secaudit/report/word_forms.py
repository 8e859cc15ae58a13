"""Every kind of Word document that is placed in a template."""

from collections.abc import Mapping
from typing import Final

from secaudit.report.brief_word import FORM as QUARTERLY_BRIEF
from secaudit.report.recheck_word import FORM as RECHECK
from secaudit.report.rectification_word import FORM as RECTIFICATION_NOTICE
from secaudit.report.word import SELF_ASSESSMENT
from secaudit.report.word_form import WordForm
from secaudit.report.word_volumes import VOLUME

FORMS: Final[Mapping[str, WordForm]] = {
    form.name: form for form in (SELF_ASSESSMENT, VOLUME, RECTIFICATION_NOTICE, RECHECK, QUARTERLY_BRIEF)
}
