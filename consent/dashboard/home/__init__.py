"""What needs somebody today, each with the way to it; and how things go, as charts."""
