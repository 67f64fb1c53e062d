"""What people write to say stop, start or help: keywords, their misspellings, and sentences in three languages.

A text is folded (case, accents, tricks of writing), then looked up as a keyword. What is no keyword becomes a row of
words of known kinds (CEASE, TEXTS, ME …); rules are short patterns over these kinds, with guards in front of them for
words that mean something else ("stop by"). Nothing here is learned and nothing is looked up elsewhere.
"""
