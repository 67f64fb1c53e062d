"""Everything about one number, address or request as one file that proves itself: gathered, written, told, checked."""
