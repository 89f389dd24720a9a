"""Two sectors of fixed capital-output ratio after Feldman (1928) and Domar (1957): machines make machines."""
