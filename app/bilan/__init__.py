"""The qualitative section of the bilan: composed, written, sealed, and given as a document."""
