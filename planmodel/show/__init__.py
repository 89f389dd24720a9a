"""How results are shown: numbers, figures, and what a result is made of, with one renderer for each medium.

Nothing here knows of runs, the record or a method: each of these makes a
:class:`~planmodel.show.content.Result` and hands it on.
"""
