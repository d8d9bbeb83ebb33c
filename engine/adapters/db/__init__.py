"""The store: SQLModel tables, set-based statements, conditions as SQL. SQLite and PostgreSQL.

Start reading in `tables` (the nouns) and `lives` (what a turn sees). Functions take a `Connection`
inside a transaction that the caller opened, or an `Engine` where they commit by themselves:

    connect   connect(url), reading(engine), writing(engine, durable=True)
    schema    upgrade(url), upgrade_engine(engine), current(engine), is_current(engine),
              require_current(engine)        backup    back_up

  what comes in
    events    ingest(connection, arrivals, now), note; intake.DatabaseIntake for the use cases
    identities    admit(connection, arrivals, now): merged ids lead on, the forgotten stay out
    people    arrive, alter, find, page        consents  take_in, add_consents, ledger_of
    provider_words  act: what the provider says suppresses
    suppressions    suppress, lift, find_suppression, all_suppressions

    inbox     DatabaseInbox(engine), glance, kept, find: what came and is not processed yet;
              inbox_people.about: whom the kept speak of

  the living loop, by `living.DatabaseLives` and `DatabaseOutbox`
    due       claim(engine, now, limit, owner, lease), claim_these(engine, ids, now, owner, lease),
              release(engine, owner), mark, mark_pending, mark_everybody, next_due, database_clock
    lives     load(connection, person_ids, now) -> list[Visit]
    turns     store(connection, [(visit, turn)], rules, now, owner, release_at)
    outbox    claim_outbox, mark_sending, finish, claim_lost, settle_accepted, release_outbox,
              readdress, try_again, find_message, messages_of, with_status
    slots     take_back, give_back, move, follow: what caps count
    paces     hold_back, stop, stops           circuits  DatabaseCircuits: what came back
    answers   settle_by_events(connection, arrivals, now), sent_events(messages, now)
    waiting   DatabaseWaiting: what nobody has in hand; clock.Clock: who shares it out

  what people decide
    versions  apply_version, current_version, current_hash, in_force, still_in_force, version_by_hash,
              picture
    switches  pause, resume, paused            thresholds  record_thresholds, thresholds_at
    approvals judge, first_sends, judged_drafts, runs_at, runs_stopped
    tasks     DatabaseTasks: open_tasks, find_task, close_task
    deployments   DatabaseDeployments; learning.learn_thresholds
    experiments   trials(connection), DatabaseExperiments(engine)

  one person
    personal      HOLDINGS: where anything of a person lives; erasure.erase, export.export and
                  merging.merge go by it, profiles.DatabaseProfiles calls them
    address_key   key_of(connection), use_secret(engine, secret), require_key(engine), take_out
    traces    traces_of(connection, person_id, …)
    former    note_people, note_turns, note_runs, note_slots: what was before a change
    then      DatabasePast(connection, person_id): anybody as they were, by `undoing`
    past      a past walked in memory, written; past_mails: mails found by their links

  keeping house
    marks     mark, take, marked, restored, ask, answer: what the engine remembers of itself
    keeping   DatabaseKeeping                  alerts    DatabaseAlerts, open_alerts
    notices   DatabaseNotices: what our own people are told; briefings.subject_of
    stats     counts, people_at_steps, segment_sizes    reports   figures

  below all of them
    batch, codec, stored, json_sql: many rows at once, documents, instants, the two dialects
    condition_sql  where(condition, rules, now, zones): one condition, for everybody; value_sql and
                   consent_sql are its parts

One turn of the loop is three transactions: `due.claim` commits the lease, `lives.load` reads, and
`turns.store` writes all of a batch or nothing (R10.1).
"""
