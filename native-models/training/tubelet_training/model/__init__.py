"""The model: TubeViT tubes into a ViT, and one MaMMUT decoder that is run in two ways."""
