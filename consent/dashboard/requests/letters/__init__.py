"""Letters about a request: texts in three languages with places for a few known facts, and what fills them."""
