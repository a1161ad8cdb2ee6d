/** What `tripline help` prints. */

export const HELP = `tripline: rules over event streams

  tripline serve                        the service: HTTP on 8080, embedded Postgres unless DATABASE_URL is set
      --port N  --host H  --data DIR  --rules DIR
  tripline run FILES --events FILE      rules over NDJSON, no service and no database; alerts as NDJSON on standard output
      --events -        read standard input
      --stream NAME     the stream of events that name none in a \`stream\` field
  tripline check FILES                  what is wrong with rule files
  tripline demo                         starts everything, streams a sample, and shows the alerts arrive at a webhook
      --seed N          another hour of the generated shop
      --seconds N       how long that hour takes to play (26)

FILES are rule files, or folders with rule files below them.

exit codes: 0 done, 1 rules were refused, 2 the command line or a file cannot be used,
            3 \`run\` rejected some events, 70 the service could not start or had to stop
`;
