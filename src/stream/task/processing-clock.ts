/** The processing time that the world has told us; it never goes back. */

export interface ProcessingClock {
  readonly now: number;
}
