"""What the long runs are made of: clients, ways to take a database away, a server that can be told to suffer them."""
