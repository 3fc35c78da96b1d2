"""Copies of an installation: one archive that any Recueil, on any database, can read back."""
