"""The partners of a structure: who they are, who was asked, who answered."""
