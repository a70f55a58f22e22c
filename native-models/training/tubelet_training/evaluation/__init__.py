"""Every number of the model card: one file for each kind of measurement."""
