"""The queue of jobs between processes, on Procrastinate's tables in PostgreSQL.

    jobs     asks for jobs: plain SQL within anybody's transaction; needs no library
    install  makes its tables, in a schema of their own
    hands    takes jobs and does them; the only module that imports Procrastinate

Jobs are hints (see `application.ports.queue`), so nothing in these tables is worth keeping: another
version of the library gets new tables, and another library could take its place by these three files.
"""
