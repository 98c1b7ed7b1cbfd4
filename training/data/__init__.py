"""Data folders of drawings: downloading, reading and splitting them by drawing."""
