"""The names of the pictograms an author may put on an answer; the drawings live in `web`."""

from __future__ import annotations

#: The answers of a satisfaction or a feeling, from sad to happy.
FACES = ("visage-1", "visage-2", "visage-3", "visage-4")

_NAMES = """
    visage-1 visage-2 visage-3 visage-4
    aide-0 aide-1 aide-2 aide-3
    jauge-0 jauge-1 jauge-2 jauge-3
    attention bulle camera coche crayon croix ecouter effacer fait feuille fleche horloge
    imprimer langue livret micro oeil photo repondre sans-nom tablette telephone-qr toucher
"""
PICTOGRAMS = frozenset(_NAMES.split())
