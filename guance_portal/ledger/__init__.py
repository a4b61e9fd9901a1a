"""The ledger: accounts, transactions and their entries, balances, and what must hold of them. Knows no wallet and no bill."""
