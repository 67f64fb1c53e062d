"""Long runs, each a module with `main()`: `make soak` runs them all, one after the other."""
