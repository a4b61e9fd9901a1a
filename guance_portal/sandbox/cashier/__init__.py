"""Simulators of Alipay and WeChat Pay: they sign what they tell, and the portal cannot tell that nobody paid."""
