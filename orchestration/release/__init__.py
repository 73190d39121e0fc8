"""From a checked warehouse to one immutable folder, and the switch of `latest`."""
