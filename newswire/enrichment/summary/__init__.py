"""The summary of a story: which of its sentences, or what a model wrote that they support."""
