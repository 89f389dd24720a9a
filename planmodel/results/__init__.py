"""What comes of a run, for who works in Python: look at it, set it beside another, draw it, write it out."""
