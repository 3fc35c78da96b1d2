"""A section laid out: page, PDF, text documents, sheets, pictures. Nothing is computed here."""
