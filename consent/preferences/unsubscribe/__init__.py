"""The unsubscribe of a mail: one press ends it (RFC 8058). A burst is noticed as a scanner's work, and holds."""
