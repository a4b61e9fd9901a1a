"""阿里云云市场: its SPI, which tells of purchases, renewals and ends by signed GET requests."""
