"""AWS Marketplace: who subscribed, what they are entitled to, and what AWS tells of it."""
