"""What runs always: one file a consumer, and the loop that they share."""
