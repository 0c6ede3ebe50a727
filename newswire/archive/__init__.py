"""The archive: untouched bytes, and what was last seen of each document, in S3."""
