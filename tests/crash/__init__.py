"""The service is killed again and again under load: what it acknowledged must be there, once.

`python -m tests.crash --kills 200 --database sqlite` runs it at length, `test_crash.py` in small.
"""
