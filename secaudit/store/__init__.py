"""The database: runs with their frozen plan, visits, evidence and results; nothing is ever overwritten."""

from secaudit.store.codec import UnreadableRun
from secaudit.store.database import address_of, file_of, is_absent
from secaudit.store.reading import Judgement, StoredRun
from secaudit.store.result_sets import Brief, ResultSets, StoredVisit
from secaudit.store.store import Store, look_at, open_store
from secaudit.store.upgrade import Form, known_forms

__all__ = [
    "Brief",
    "Form",
    "Judgement",
    "ResultSets",
    "Store",
    "StoredRun",
    "StoredVisit",
    "UnreadableRun",
    "address_of",
    "file_of",
    "is_absent",
    "known_forms",
    "look_at",
    "open_store",
]
