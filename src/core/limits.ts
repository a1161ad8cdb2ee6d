/** Every limit of the system, with its reason. Reaching one has a message that names it. */

const KIB = 1024;
const MIB = 1024 * KIB;

export const limits = {
  /** One rule file; parsing is linear, but a file is read, hashed, stored and shown whole. */
  ruleFileBytesMax: MIB,
  /** One `rule` or `stream` block: keeps the parser's answer under 250 ms. */
  ruleBytesMax: 32 * KIB,
  /** The words and signs of one block: what parsing costs is by these, and text that people write has half as many. */
  ruleTokensMax: 16 * KIB,
  /** Parentheses, brackets and braces open at once. */
  nestingDepthMax: 64,
  /** One duration: beyond a century it is a slip, and added to an event time it must stay an exact integer. */
  durationMsMax: 36_525 * 86_400_000,
  /** Errors listed for one file; the rest of it is not read. */
  diagnosticsListedMax: 100,
  /** Stages of one pattern, groups among them; more are no pattern that anybody can read. */
  patternStagesMax: 500,
  /** The same when every `times` is written out: each occurrence is a state or two of the automaton. */
  patternOccurrencesMax: 2000,
  /** Of those, in a row that may be absent: a partial match waits for all of them at once, and each event is tried at each. */
  patternAbsencesMax: 500,

  /** Sliding windows that one event is in, or as many panes that one window is put together from: a week by the minute is half of it. */
  overlappingWindowsMax: 20_160,
  /** Of the stream library, the windows that a record is put into one by one unless a job asks for more: each has a timer and contents of its own. */
  overlappingWindowsDefault: 1000,
  /** Times that the windows of one event may fire by `trigger every D`, all at once when time jumps: a day by the second. */
  firingsOfEventMax: 86_400,
  /** Events that `evict keep last ...`, or a count window that slides, may hold for each window. */
  evictorEventsMax: 100_000,
  /** Items of one `distinct` or `list` of a window; more are left out, and counted as a fault of the rule. */
  windowItemsMax: 10_000,
  /** The same as text: half of what an alert may emit. */
  windowItemsCharsMax: 512 * KIB,
  /** Values that a window's `count_distinct` counts exactly; beyond it a sketch of 16 KiB takes their place. */
  distinctValuesExactMax: 4096,
  /** Values of which a window's `percentile` is exact; beyond it a sketch takes their place. */
  percentileValuesExactMax: 256,
  /** Bins of such a sketch, for each sign: at 2 % each they span 17 orders of magnitude. */
  percentileBinsMax: 2048,

  /** One JSON document over HTTP: it is held whole. NDJSON has no upper count. */
  documentBytesMax: 16 * MIB,
  /** One event: partial matches hold it, alerts quote it. */
  eventBytesMax: MIB,
  /** Name of a rule, a stream or a destination: a key in the database, and a part of addresses. */
  nameCharsMax: 200,
  /** Arrays and objects inside each other in one event: values are walked by recursion. */
  eventDepthMax: 100,
  /** One line of NDJSON; a longer one is skipped in flat memory and rejected. */
  lineBytesMax: MIB,
  /** Read and let go behind an answer that came before the body's end; then the connection is cut. */
  discardedBytesMax: 256 * MIB,
  /** Rejections listed in one answer; more are only counted. */
  rejectionsListedMax: 1000,

  /** One chunk of the log: big enough that Postgres costs a row per batch, small enough to commit in milliseconds. */
  chunkRecordsMax: 5000,
  chunkBytesMax: 4 * MIB,
  /** Records durable, but not yet through the engine, before new ones must wait. */
  engineLagRecordsMax: 20_000,
  /** Alerts made and not yet written, before the engine must wait. */
  unwrittenAlertsMax: 10_000,
  /** Records of one batch of a source: a checkpoint waits for the end of one, and is taken between two. */
  sourceBatchRecordsMax: 500,
  /** Values handed to a sink at once: enough that a statement costs little for each. */
  sinkBatchValuesMax: 1000,
  /** Values that wait for a sink, before whoever makes them must wait. */
  sinkWaitingValuesMax: 10_000,

  /** One chunk of a checkpoint's state: it is held whole, and several are at once. */
  checkpointChunkBytesMax: 64 * MIB,
  /** One checkpoint's manifest, as text: it is held whole, and a list reads them all. */
  checkpointManifestBytesMax: 64 * MIB,

  /** Rules of one installation: each is tried on every event of its streams. */
  rulesMax: 10_000,

  /** How long an `Idempotency-Key` is remembered after it was last used: longer than any client goes on trying. */
  requestKeysKeptMs: 24 * 3_600_000,

  /** Named lists of one installation: enough for a few per rule, and `GET /v1/lists` names who reads each. */
  listsMax: 10_000,
  /** Values of one list: a million addresses are some 100 MB of memory. */
  listValuesMax: 1_000_000,
  /** One value: it is compared with fields of events, and nobody lists texts. */
  listValueCharsMax: 1000,
  /** One list as JSON: a put of it is one document and one record of the log. */
  listBytesMax: 16 * MIB,
  /** All lists together: they are held in memory, and are part of every checkpoint. */
  listsBytesMax: 128 * MIB,

  /** A text that an expression makes (`concat`, `replace`, a template); an alert holds many of them. */
  madeTextCharsMax: 64 * KIB,
  /** Items that `split` makes of one text. */
  splitItemsMax: 10_000,
  /** A `like` pattern or a regular expression: matching may cost the text's length times the pattern's. */
  patternCharsMax: 1 * KIB,
  /** Addresses kept parsed: parsing costs microseconds, and every rule asks about the same ones again. */
  addressesCachedMax: 10_000,
  /** Time zones whose rules are kept at hand: all there are, but not every spelling that an event may bring. */
  timeZonesCachedMax: 1000,

  /** Partial matches one key may hold under one rule; the oldest is dropped beyond it (and counted). */
  partialMatchesPerKeyMax: 10_000,
  /** Partial matches of one rule in all, divided among its key groups; beyond it no new match is started (and counted). */
  partialMatchesPerRuleMax: 5_000_000,

  /** Arrays and objects inside each other in one value of state: it is copied by recursion. */
  stateDepthMax: 500,
  /** Timers that timers set once event time has come to its end: more are a timer that sets itself for ever. */
  timersSetAtTheEndMax: 1_000_000,

  /** One condition in a drawn automaton: every edge that it guards repeats it. */
  graphConditionCharsMax: 1000,
  /** States in one picture: it is laid out in the square of their number, and nobody can look at more. */
  graphStatesDrawnMax: 500,

  /** Events that one alert quotes, as JSON: it is stored, sent and shown whole. The latest are left out beyond it, and counted. */
  alertEventBytesMax: 4 * MIB,
  /** What one alert emits, as JSON; a value beyond it is null, and counted as a fault of the rule. */
  alertEmitBytesMax: MIB,
  /** One page of a list: items, and their bytes as JSON; an item that is larger makes a page alone. */
  pageSizeMax: 1000,
  pageSizeDefault: 100,
  pageBytesMax: 16 * MIB,
  /** Late events of one stream that are kept to be read; the oldest go. They are there to be looked at, a flood of them must cost little, and all are in the log. */
  lateEventsKeptMax: 1000,

  /** Of a webhook's answer, kept with the attempt. */
  responseExcerptBytesMax: 1 * KIB,
  /** Live readers of alerts at once: each holds a socket. */
  alertStreamsMax: 256,
} as const;
