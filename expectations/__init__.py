"""What data must look like at the two borders: when an edition comes in and when a release goes out."""
