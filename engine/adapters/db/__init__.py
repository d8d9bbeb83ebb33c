"""The store: SQLModel tables, set-based statements, conditions as SQL. SQLite and PostgreSQL.

Start reading in `tables` (the nouns) and `lives` (what a turn sees). Functions take a `Connection`
inside a transaction that the caller opened, or an `Engine` where they commit by themselves:

    connect   connect(url), reading(engine), writing(engine, durable=True)
    schema    upgrade(url), upgrade_engine(engine), current(engine), is_current(engine),
              require_current(engine)
    events    ingest(connection, arrivals, now)
    due       claim(engine, now, limit, owner, lease), claim_these(engine, ids, now, owner, lease),
              release(engine, owner), mark, mark_pending, mark_everybody, next_due, database_clock
    lives     load(connection, person_ids, now) -> list[Visit]
    turns     store(connection, [(visit, turn)], rules, now, owner, release_at)
    outbox    claim_outbox, mark_sending, finish, claim_lost, settle_accepted, release_outbox,
              try_again, give_back_slots, move_slots, find_message, messages_of, with_status
    answers   settle_by_events(connection, arrivals, now), sent_events(messages, now)
    people    arrive, alter, find, page        consents  take_in, add_consents, ledger_of
    versions  apply_version, current_version, current_hash, in_force, version_by_hash, picture
    switches  pause, resume, paused          thresholds  record_thresholds, thresholds_at
    approvals judge, first_sends, judged_drafts
    tasks     DatabaseTasks: open_tasks, find_task, close_task
    suppressions  suppress, lift, find_suppression, all_suppressions
    personal      HOLDINGS: where anything of a person lives; erasure.erase, export.export and
                  merging.merge go by it
    identities    admit(connection, arrivals, now): merged ids lead on, the forgotten stay out
    address_key   key_of(connection), use_secret(engine, secret), require_key(engine), take_out
    experiments   trials(connection), DatabaseExperiments(engine)
    traces    traces_of(connection, person_id, …)
    former    note_people, note_turns, note_runs, note_slots: what was before a change
    then      DatabasePast(connection, person_id): anybody as they were (undoing)
    stats     counts, people_at_steps, segment_sizes
    condition_sql  where(condition, rules, now, zones): one condition, for everybody

One turn of the loop is three transactions: `due.claim` commits the lease, `lives.load` reads, and
`turns.store` writes all of a batch or nothing (R10.1).
"""
