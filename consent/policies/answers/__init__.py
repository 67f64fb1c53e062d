"""What the rulebook answers, one file for each family of doors: pure, made from an organization and its promises."""
