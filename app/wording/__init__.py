"""Figures told in French: the words of each, what they may claim, where they come from."""
