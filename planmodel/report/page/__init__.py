"""One self-contained HTML page of a folder of results: see :func:`planmodel.report.page.write.write_page`."""
