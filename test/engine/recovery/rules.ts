/** The rules that simulated worlds draw from: short ones, of every kind, each with the texts that may take its place. */

export interface RuleChoice {
  readonly name: string;
  /** The first is put at first; some of the others match as it does, and keep its state. */
  readonly texts: readonly string[];
  /** Whether each of them comes to an end, so that it may be let drain. */
  readonly drains: boolean;
}

/** `dedupe`: for how long the identities of `s` count. */
export function streams(dedupe: string): string {
  return `stream s { time at  id id  dedupe ${dedupe}  watermark bounded 4ms }
stream r { time at  late drop  watermark punctuated where w }`;
}

export const PATTERNS: readonly RuleChoice[] = [
  choice("pair", [
    'from s  key by k  pattern { begin a where t == "a"  followedBy b where t == "b"  within 10ms }  on timeout  emit { n = count(a) }  suppress 9ms  deliver desk',
    'from s  key by k  pattern { begin a where t == "a"  followedBy b where t == "b"  within 10ms }  emit { at = now() }  suppress 5ms by t',
    'from s  key by k  pattern { begin a where t == "a"  followedBy b where t == "c"  within 10ms }  suppress 30ms',
  ]),
  choice("absent", [
    'from s, r  key by k  pattern { begin a where t == "a"  notFollowedBy b where t == "b"  within 8ms }  deliver desk',
    'from s, r  key by k  pattern { begin a where t == "b"  notFollowedBy b where t == "c"  within 12ms }',
  ]),
  choice("held", [
    'from s  key by k  pattern { begin a where t == "a" oneOrMore  followedBy b where t == "b" optional  followedBy c where t == "c"  within 12ms  skip toLast(b) orFail }  emit { n = count(a), last = last(a).id }',
    'from s  key by k  pattern { begin a where t == "a" oneOrMore  followedBy b where t == "b" optional  followedBy c where t == "c"  within 12ms  skip pastLastEvent }  emit { n = count(a) }',
  ]),
  choice("listed", [
    'from r, u  pattern { begin x where k in list("watched")  followedByAny y where t == x.t  within 9ms  skip none }',
    'from r, u  pattern { begin x where k in list("watched")  followedByAny y where t == x.t  within 9ms  skip none }  emit { k = x.k }  suppress 6ms',
  ]),
  choice("faulty", [
    'from s where t < k or t == "a"  key by k  pattern { begin a where id > 9 }  emit { x = t + k }  suppress 4ms by k',
  ]),
  {
    name: "looping",
    texts: [
      "from s  pattern { begin a where k == 1 oneOrMore until w  next b where k == 2 optional  followedBy c where k == 3 gap 6ms }",
    ],
    drains: false,
  },
];

export const WINDOWS: readonly RuleChoice[] = [
  choice("sliding", [
    "from s  key by k  window { sliding 6ms every 2ms  trigger every 2 events }  emit { n = count(), all = count_distinct(id) }  suppress 3ms by k  deliver desk",
    "from s  key by k  window { sliding 6ms every 2ms  trigger every 2 events }  emit { n = count(), all = count_distinct(id) }",
  ]),
  choice("visit", [
    "from s  key by k, t  window { session gap 3ms  allow lateness 4ms  having count() > 1 }  emit { n = count(), first = first(id) }",
    "from s  key by k, t  window { session gap 4ms  allow lateness 4ms }  emit { n = count() }",
  ]),
  choice("sums", [
    "from s, r  key by k  window { tumbling 5ms }  emit { least = min(id), all = list(id) }  suppress 20ms",
    "from s, r  key by k  window { tumbling 5ms  trigger every 1ms }  emit { total = sum(id) }",
  ]),
  { name: "third", texts: ["from s  window { count 3 }  emit { n = count() }"], drains: false },
];

function choice(name: string, texts: readonly string[]): RuleChoice {
  return { name, texts, drains: true };
}

export function ruleText({ name, texts }: RuleChoice, index: number): string {
  return `rule ${name} { ${texts[index]!} }`;
}
