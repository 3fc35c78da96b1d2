"""Voices, pictures and films: received, known by their content, converted, kept, served."""
