"""What API 密钥 knows and may ask."""
