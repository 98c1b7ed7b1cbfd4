"""Deployment to Hugging Face Spaces, and backups of the records on the Hugging Face Hub."""

BACKUP_REPO = "DOODLE_BACKUP_REPO"  # environment variable: the data set for the backups
