"""What a person gets at the end of a request: their data, a certificate of what was done, a correction carried on."""
