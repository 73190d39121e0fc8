"""From the bytes of one foreign file to its table as printed. No card, no column of ours, no meaning of a value."""
