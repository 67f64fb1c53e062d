"""The register of safeguards: each measure that a policy promises, with its owner, its evidence and its next review."""
