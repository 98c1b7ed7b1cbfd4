"""Hugging Face Spaces: what one consists of, the Hub that it is sent to, copies of its records."""

BACKUP_REPO = "DOODLE_BACKUP_REPO"  # the variable that names a data set for these copies
