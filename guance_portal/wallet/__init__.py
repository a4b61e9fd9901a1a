"""What a payer pays with: purses and the plan of who pays a bill, recharges and refunds. Moves money by the ledger alone."""
