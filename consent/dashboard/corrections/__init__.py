"""Values that a file brought against what a person had corrected: a queue in which somebody decides."""
