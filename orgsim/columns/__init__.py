"""The columnar form: the same ledger as columns of numbers, for a hundred thousand people and more.

`ledger.ColumnarLedger` is what a caller holds.  numpy is at home here, and pyarrow in `parquet`; nothing outside may
need either below twenty thousand events.
"""
