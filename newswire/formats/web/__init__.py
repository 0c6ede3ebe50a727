"""From HTML to blocks of text, in whatever it comes: a page, a feed, a field of JSON."""
