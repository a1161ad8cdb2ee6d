/** A version of a rule, as the log has put and ended it. */

export interface RuleVersion {
  readonly version: number;
  /** The block's text. */
  readonly source: string;
  /** Offsets of the records that put it and that ended it; null while it is active. */
  readonly activeFrom: number;
  readonly activeTo: number | null;
}
