"""Text as copied from a page: what stands above the story, and where the story ends."""
