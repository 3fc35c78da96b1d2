"""What a text suggests to who reads it: a tone, a before and after, themes, personal data.

Hints sort a reading queue and point at words. They are never a score and never a number.
"""
