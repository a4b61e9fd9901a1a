"""What the browser may ask for: one thin state per page or dialog, and the gate before them."""
