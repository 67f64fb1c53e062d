"""Pure date arithmetic: periods, calendars, day counts, roll-over, extensions and pauses, each step said in words."""
