"""`lives` names the JSON columns it reads, so that reading needs no table classes."""

from sqlalchemy import JSON

from engine.adapters.db import lives, tables


def test_the_json_columns_that_lives_reads_are_those_of_the_tables() -> None:
    read = {"event": lives.EVENT, "run": lives.RUN, "slot": lives.SLOT, "consent": lives.LINE}
    found = {
        (table, column)
        for table, columns in read.items()
        for column in columns
        if isinstance(tables.METADATA.tables[table].c[column].type, JSON)
    }
    assert found == lives.DOCUMENTS
