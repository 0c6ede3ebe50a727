"""From a source to the topic: fetch, archive, parse, validate, produce; in that order."""
