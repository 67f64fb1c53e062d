"""The versions of each policy, where each stands in its life, and what an announced one will change for whom."""
