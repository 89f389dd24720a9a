"""Policy: what the centre decides, by decree on a date or in answer to what it sees."""
