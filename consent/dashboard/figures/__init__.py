"""The figures of the dashboard: counted day by day as things happen, and read as charts and as statutory counts.

Figure: what is counted. Part: one of the kinds it is counted by. Day: in UTC.
"""
