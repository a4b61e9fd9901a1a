"""From the Free plan to the Commercial plan, with the account that pays."""
