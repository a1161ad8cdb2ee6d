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
  tripline --version                    which version this is
  tripline demo                         starts everything, streams a sample, and shows the alerts arrive at a webhook

FILES are rule files, or folders with rule files below them.

exit codes: 0 done, 1 rules were refused or are not in their layout, 2 the command line or a file cannot be used,
            3 \`run\` rejected some events, 70 the service could not start or had to stop
`;
