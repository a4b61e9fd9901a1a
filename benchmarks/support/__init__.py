"""What the figures share: the two served apps, the browser, the crowd of sockets."""
