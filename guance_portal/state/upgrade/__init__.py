"""What 套餐升级 knows and may ask."""
