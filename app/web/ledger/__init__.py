"""Pages of the ledger: what happened to a sheet, its receipt, putting it back, verifying a bundle."""
