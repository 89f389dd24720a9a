"""What is shown of a run: comparison with the record, balances, figures, and the folder of results."""
