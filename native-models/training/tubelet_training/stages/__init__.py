"""The three stages of training: text alone, frozen vision, everything."""
