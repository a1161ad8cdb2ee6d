/** Exit codes, for scripts. */

export const EXIT = {
  ok: 0,
  /** Rules were refused; or the running service refused what was asked of it. */
  refused: 1,
  /** The command line, or a file it names, cannot be used. */
  usage: 2,
  /** `run` came to its end, but some events were rejected. */
  rejected: 3,
  /** The service could not start, had to stop, or does not answer; or a bug of ours came up. */
  failed: 70,
} as const;
