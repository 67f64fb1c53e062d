"""Consents that people gave outside of our pages: one member enters what they gave and its proof, another looks."""
