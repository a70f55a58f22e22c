"""Training code of the built-in Tubelet model pack `mammut-ti` (see README.md)."""
