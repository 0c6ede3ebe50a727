"""What the XML wires share: one safe tree, and from its elements to blocks of text."""
