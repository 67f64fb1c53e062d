"""The register of reach: what each policy covers, what stands beside it, and who governs where it does not."""
