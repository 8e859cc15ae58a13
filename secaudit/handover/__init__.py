"""What leaves the office, and the chained record of what happened.

A package is put together by ``building``, sealed by ``signer`` and ``envelope``, and looked into by ``verification``;
``redaction`` decides what an agency sees. ``ledger`` is the chain, ``subjects`` what of a workspace is entered into it.
"""
