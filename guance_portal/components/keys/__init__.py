"""What API 密钥 is made of."""
