"""The parts that the page is put together from by `render`: its template, its style and its scripts, one subject a file."""
