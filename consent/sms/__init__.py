"""Text messages that come in: STOP, HELP, START and everything else, each received once and answered rightly."""
