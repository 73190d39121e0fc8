"""From one printed cell to a value with its state and the steps that led there. No file, no card, no warehouse."""
