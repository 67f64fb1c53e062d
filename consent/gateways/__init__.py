"""Everything outside: one folder per kind of system (sms), one file per provider.

A provider file translates between the provider's words and ours and makes the calls, nothing else.
It knows no capability and no database.
"""
