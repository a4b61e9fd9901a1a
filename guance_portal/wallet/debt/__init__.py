"""欠费: the countdown of a debt, its mails, the lock and what opens it again."""
