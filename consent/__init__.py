"""Consent makes a privacy policy run: what it promises decides at run time, and every answer can be proved."""
