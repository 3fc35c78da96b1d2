"""What was said: testimonies, their consents, masking, labels, quotes and where these were used."""
