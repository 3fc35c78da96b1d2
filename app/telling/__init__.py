"""The public pages on which people testify: telling, agreeing, sending a voice or a picture."""
