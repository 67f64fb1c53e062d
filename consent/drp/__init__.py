"""The Data Rights Protocol 1.0: authorized agents ask for people, by signed messages, as a covered business hears them.

An agent is registered by the operator with its key. It is a representative: what it asks becomes a privacy request like
any other, dated at its arrival, and the person behind it is asked to confirm where the policy wants more than a word.
"""
