"""What desks tell each other in the text itself: embargoes, kills, notes, contacts."""
