"""One audit from start to end: plan, visit, judge, store; and judging again what is stored."""

from secaudit.audit.judging import Change, Rules, Subject, judge_again
from secaudit.audit.planning import Asked, make_plan
from secaudit.audit.running import Steps, resume_audit, run_audit

__all__ = [
    "Asked",
    "Change",
    "Rules",
    "Steps",
    "Subject",
    "judge_again",
    "make_plan",
    "resume_audit",
    "run_audit",
]
