"""The states of our pages: one module for each capability that has pages."""
