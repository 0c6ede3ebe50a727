"""What a line of text is, whatever it came in: a dateline, a credit, a date, a page's furniture."""
