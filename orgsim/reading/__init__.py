"""Reading ledger files: bytes to events, every problem located."""
