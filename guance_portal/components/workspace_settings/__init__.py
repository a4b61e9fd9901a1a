"""What 空间设置 is made of."""
