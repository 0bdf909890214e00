"""What is counted in a ledger in columns, by the definitions and formulas of `orgsim.metrics`."""
