"""What wires state in fields of their own, in XML and in JSON alike."""
