"""What the text wires share: how each begins, its frames, its lines."""
