"""The contact points an organization names: who watches each, and when somebody last looked (VSH-62, VAL-25, SMT-45).

Somebody who asks by an odd door is heard there, and the clock starts at that door: so each door has an eye on it.
"""
