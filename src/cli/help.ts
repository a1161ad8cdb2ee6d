/** What `tripline help` prints. */

export const HELP = `tripline: rules over event streams

  tripline serve                        the service: HTTP on 8080, embedded Postgres unless DATABASE_URL is set
      --port N  --host H  --data DIR  --rules DIR  --parallelism N
  tripline run FILES --events FILE      rules over NDJSON, no service and no database; alerts as NDJSON on standard output
      --events -        read standard input
      --list NAME=FILE  a named list, one value per line
      --stream NAME     the stream of events that name none in a \`stream\` field
  tripline check FILES                  what is wrong with rule files, and what each rule may cost
  tripline fmt FILES                    rule files in their one layout, written back; the names of those that changed
      --check           change nothing, and exit with 1 if a file would change
      -                 standard input, printed
  tripline graph FILE [RULE]            the automaton of a rule, or of all of them
      --format text|mermaid|svg
  tripline status                       how far the running service is, and what troubles it
  tripline checkpoint list|take         the checkpoints there are, and one more
  tripline savepoint list               those there are; with them:
      create NAME, show NAME, restore NAME, remove NAME
      create NAME --stop  the last: nothing is taken behind it, and the service stops
      export NAME FILE  as one file; \`-\` is standard output
      import NAME FILE  from such a file, under this name
  tripline poison list                  records that the engine goes on without; show OFFSET, retry OFFSET
  tripline --version                    which version this is
  tripline demo                         starts everything, streams a sample, and shows the alerts arrive at a webhook

FILES are rule files, or folders with rule files below them.
status, checkpoint, savepoint and poison ask the running service: at --url (TRIPLINE_URL, http://127.0.0.1:8080), with the
token in TRIPLINE_TOKEN if it needs one; with --json they answer in JSON.

exit codes: 0 done, 1 rules were refused or are not in their layout, or the service refuses, 2 the command line or a file
            cannot be used, 3 \`run\` rejected some events, 70 the service could not start, had to stop, or does not answer
`;
