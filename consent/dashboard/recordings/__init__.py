"""The register of recorded lines: which calls are recorded, for what, told how, and who answers for each line."""
