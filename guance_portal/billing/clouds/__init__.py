"""What marketplaces collect: a record for each cloud account and end of days, sent, answered, and booked once."""
