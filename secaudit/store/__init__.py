"""The database: runs with their frozen plan, visits, evidence and results; nothing is ever overwritten."""

from secaudit.store.codec import UnreadableRun
from secaudit.store.store import Judgement, Store, StoredRun, open_store

__all__ = ["Judgement", "Store", "StoredRun", "UnreadableRun", "open_store"]
