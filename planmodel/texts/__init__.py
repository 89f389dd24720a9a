"""The source texts, figure by figure: what each prints, what the model answers, or why it cannot."""
