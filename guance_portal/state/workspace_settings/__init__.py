"""What 空间设置 knows and may ask."""
