"""Replication packages: experiments with all that they need, in one folder, and the proof that they come out.

- :mod:`planmodel.replication.package`: writes the folder;
- :mod:`planmodel.replication.code`: the package that runs as an archive to install, and what it runs on;
- :mod:`planmodel.replication.configuration`: experiments, scenarios, draws and the record, as files;
- :mod:`planmodel.replication.outputs`: results with their tables in LaTeX, and their hashes;
- :mod:`planmodel.replication.readme`: the README that data editors of journals ask for;
- :mod:`planmodel.replication.verify`: runs a folder again and compares it with what it says.
"""
