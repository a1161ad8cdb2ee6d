# The rule language.
#
# Each production is preceded by examples of it (`# e.g. ...`); a test parses every one of them as that production.
# Words of the language stand in quotes, and are words only where they stand here: everywhere else they are names, since
# a name (%name) is any word but the reserved ones. Two expressions never stand side by side, so clauses, stages and
# entries need no separators. There is exactly one parse for every text: that, too, is tested.
#
# What %text, %duration and the like look like is told in src/lang/lexer.ts, what each production builds in
# src/lang/build.ts. A file is cut into its blocks first (src/lang/blocks.ts), and each is parsed by itself.

@preprocessor typescript
@{%
import { lexer } from "./lexer.ts";
import * as build from "./build.ts";
%}
@lexer lexer

# ---- blocks --------------------------------------------------------------------------------------------------------

# e.g. stream logins { time occurred_at }
# e.g. rule r "A title" { from logins  pattern { begin a } }
block -> stream {% id %}
       | rule   {% id %}

# ---- stream --------------------------------------------------------------------------------------------------------

# e.g. stream logins { }
# e.g. stream stream { time time  idle off }
stream -> "stream" streamName "{" streamClauses "}" {% build.stream %}

# e.g. time occurred_at  watermark ascending
streamClauses -> null                       {% build.none %}
               | streamClauses streamClause {% build.append %}

# e.g. time meta.occurred_at
# e.g. idle 30s
# e.g. late drop
# e.g. id headers["x-id"]
# e.g. dedupe 7d
# e.g. schema { user: string, tags: string[]?  at: { city: string? } }
streamClause -> "time" path            {% build.time %}
              | "watermark" watermark  {% build.watermark %}
              | "idle" %duration       {% build.idle %}
              | "idle" "off"           {% build.idleOff %}
              | "late" latePolicy      {% build.late %}
              | "id" path              {% build.id %}
              | "dedupe" %duration     {% build.dedupe %}
              | "schema" objectType    {% build.schema %}

# e.g. bounded 10s
# e.g. ascending
# e.g. punctuated where type == "end"
watermark -> "bounded" %duration             {% build.bounded %}
           | "ascending"                     {% build.ascending %}
           | "punctuated" "where" expression {% build.punctuated %}

# e.g. side
latePolicy -> "drop" {% id %} | "side" {% id %}

# e.g. a
# e.g. a.b["c d"].e[0]
path -> %name     {% build.name %}
      | path step {% build.stepped %}

# e.g. { }
# e.g. { user: string, ip: string }
# e.g. { user: string ip: string, }
objectType -> "{" fields "}"     {% build.objectType %}
            | "{" fields "," "}" {% build.objectType %}
            | "{" "}"            {% build.emptyObjectType %}

# e.g. type: string key: number?
fields -> field            {% build.first %}
        | fields field     {% build.append %}
        | fields "," field {% build.appendAfterComma %}

# e.g. amount: number?
field -> fieldName ":" type {% build.field %}

# e.g. string?
# e.g. number[]
# e.g. { city: string }[]?
type -> required     {% id %}
      | required "?" {% build.optionalType %}

# e.g. timestamp
# e.g. string?[]
required -> scalar       {% id %}
          | objectType   {% id %}
          | type "[" "]" {% build.listType %}

# e.g. any
scalar -> "string"    {% build.scalarType %}
        | "number"    {% build.scalarType %}
        | "boolean"   {% build.scalarType %}
        | "timestamp" {% build.scalarType %}
        | "any"       {% build.scalarType %}

# ---- rule ----------------------------------------------------------------------------------------------------------

# e.g. rule r { from s  pattern { begin a } }
# e.g. rule rule "The title" { from from where from == 1 key by key pattern { begin a } }
rule -> "rule" ruleName "{" ruleClauses "}"       {% build.rule %}
      | "rule" ruleName %text "{" ruleClauses "}" {% build.titledRule %}

# e.g. deliver on on timeout emit { }
ruleClauses -> null                   {% build.none %}
             | ruleClauses ruleClause {% build.append %}

# e.g. severity high
# e.g. tags "mitre:T1110", "login"
# e.g. description "What to do about it"
# e.g. from logins, payments where type == "failure"
# e.g. key by user, headers["x-id"]
# e.g. window { tumbling 5m  having count() > 10 }
# e.g. emit { user = a.user }
# e.g. on timeout emit { user = a.user, }
# e.g. suppress 1h
# e.g. suppress 1h30m by user
# e.g. deliver desk, pager
ruleClause -> "severity" severityName              {% build.severity %}
            | "tags" texts                         {% build.tags %}
            | "description" %text                  {% build.description %}
            | "from" streamNames                   {% build.from %}
            | "from" streamNames where             {% build.from %}
            | "key" "by" expressions               {% build.keyBy %}
            | "pattern" "{" pattern "}"            {% build.patternClause %}
            | "window" "{" window "}"              {% build.windowClause %}
            | "emit" entries                       {% build.emit %}
            | "on" "timeout" "emit" entries        {% build.onTimeoutEmit %}
            | "suppress" %duration                 {% build.suppress %}
            | "suppress" %duration "by" expression {% build.suppressBy %}
            | "deliver" destinations               {% build.deliver %}

# e.g. "a", 'b'
texts -> %text           {% build.first %}
       | texts "," %text {% build.appendAfterComma %}

# e.g. a, b
streamNames -> streamName                 {% build.first %}
             | streamNames "," streamName {% build.appendAfterComma %}

# e.g. a, b
destinations -> destinationName                  {% build.first %}
              | destinations "," destinationName {% build.appendAfterComma %}

# e.g. { }
# e.g. { a = b c = d }
# e.g. { attempts = count(failed), message = "${user}: ${count(failed)}", }
entries -> "{" "}"               {% build.noEntries %}
         | "{" entryList "}"     {% build.entries %}
         | "{" entryList "," "}" {% build.entries %}

# e.g. a = 1, type = type key = key
entryList -> entry               {% build.first %}
           | entryList entry     {% build.append %}
           | entryList "," entry {% build.appendAfterComma %}

# e.g. lasted = time(ok) - time(first(failed))
entry -> entryName "=" expression {% build.entry %}

# ---- pattern -------------------------------------------------------------------------------------------------------

# e.g. begin a
# e.g. begin a next b where x > 1 greedy oneOrMore within 10m skip toFirst(b) orFail
# e.g. begin begin  next next where where  within 1h
pattern -> stages                {% build.pattern %}
         | pattern patternClause {% build.patternAnd %}

# e.g. within 10m
# e.g. skip toNext
# e.g. skip toLast(a) orFail
patternClause -> "within" %duration        {% build.within %}
               | "skip" strategy           {% build.skip %}
               | "skip" stageSkip          {% build.skip %}
               | "skip" stageSkip "orFail" {% build.skipOrFail %}

# e.g. pastLastEvent
strategy -> "none"          {% build.strategy %}
          | "toNext"        {% build.strategy %}
          | "pastLastEvent" {% build.strategy %}

# e.g. toFirst(a)
stageSkip -> "toFirst" "(" targetName ")" {% build.stageSkip %}
           | "toLast" "(" targetName ")"  {% build.stageSkip %}

# e.g. begin a notNext n where x > 1 followedBy ( begin b next c ) times(2)
stages -> stage        {% build.first %}
        | stages stage {% build.append %}

# e.g. followedBy ok where type == "success" and ip == failed.ip
# e.g. followedByAny times times(2, 3) optional
# e.g. next ( begin b next c ) oneOrMore until type == "stop"
# e.g. next retries ( begin b ) times(3)
stage -> position       {% id %}
       | stage modifier {% build.modified %}

# e.g. begin a
# e.g. followedBy ( begin b followedBy c )
position -> contiguity stageName                {% build.stage %}
          | contiguity "(" stages ")"           {% build.group %}
          | contiguity stageName "(" stages ")" {% build.namedGroup %}

# e.g. notFollowedBy
contiguity -> "begin"         {% id %}
            | "next"          {% id %}
            | "followedBy"    {% id %}
            | "followedByAny" {% id %}
            | "notNext"       {% id %}
            | "notFollowedBy" {% id %}

# e.g. where type == "failure"
# e.g. until count(a) == 3
# e.g. times(2)
# e.g. times(0, 4)
# e.g. timesOrMore(5)
# e.g. oneOrMore
# e.g. gap 30s
modifier -> where                          {% id %}
          | "until" expression             {% build.until %}
          | "times" "(" counts ")"         {% build.times %}
          | "timesOrMore" "(" %integer ")" {% build.timesOrMore %}
          | "gap" %duration                {% build.gap %}
          | "oneOrMore"                    {% build.flag %}
          | "optional"                     {% build.flag %}
          | "greedy"                       {% build.flag %}
          | "consecutive"                  {% build.flag %}
          | "allowCombinations"            {% build.flag %}

# e.g. 3
# e.g. 2, 5
counts -> %integer              {% build.first %}
        | %integer "," %integer {% build.pair %}

# e.g. where amount > 100
where -> "where" expression {% build.where %}

# ---- window --------------------------------------------------------------------------------------------------------

# e.g. tumbling 5m
# e.g. sliding 10m every 1m  allow lateness 30s  having count() > 20 or sum(amount) > 5000
# e.g. count 100  purging  trigger onEvent  evict keep last 5m
window -> assigner            {% build.window %}
        | window windowClause {% build.windowAnd %}

# e.g. tumbling 1h offset 15m
# e.g. tumbling 1d in "Europe/Paris"
# e.g. sliding 10m every 1m offset 30s
# e.g. session gap 30m
# e.g. count 100
# e.g. count 100 every 10
# e.g. global
assigner -> "tumbling" %duration offset zone             {% build.tumbling %}
          | "sliding" %duration "every" %duration offset {% build.sliding %}
          | "session" "gap" %duration                    {% build.session %}
          | "count" %integer                             {% build.count %}
          | "count" %integer "every" %integer            {% build.countEvery %}
          | "global"                                     {% build.global %}

# e.g. offset 8h
offset -> null               {% build.none %}
        | "offset" %duration {% build.offset %}

# e.g. in "Europe/Paris"
zone -> null       {% build.none %}
      | "in" %text {% build.zone %}

# e.g. allow lateness 30s
# e.g. trigger every 10s
# e.g. purging
# e.g. evict keep last 100 events
# e.g. having count() > 20
windowClause -> "allow" "lateness" %duration {% build.lateness %}
              | "trigger" trigger            {% build.trigger %}
              | "purging"                    {% build.purging %}
              | "evict" "keep" "last" kept   {% build.evict %}
              | "having" expression          {% build.having %}

# e.g. onClose
# e.g. every 10s
# e.g. every 100 events
trigger -> "onClose"                 {% build.triggerWord %}
         | "onEvent"                 {% build.triggerWord %}
         | "every" %duration         {% build.everyTime %}
         | "every" %integer "events" {% build.everyCount %}

# e.g. 100 events
# e.g. 5m
kept -> %integer "events" {% build.keptEvents %}
      | %duration         {% build.keptTime %}

# ---- expressions, from loosest to tightest -------------------------------------------------------------------------

# e.g. a, b - 1, c
expressions -> expression                 {% build.first %}
             | expressions "," expression {% build.appendAfterComma %}

# e.g. a or b and not c
expression -> conjunction                 {% id %}
            | expression "or" conjunction {% build.binary %}

# e.g. a == 1 and b == 2
conjunction -> negation                   {% id %}
             | conjunction "and" negation {% build.binary %}

# e.g. a in ["x"]
# e.g. not not a == b
negation -> comparison      {% id %}
          | nots comparison {% build.unary %}

# e.g. not not
nots -> "not"      {% build.first %}
      | nots "not" {% build.append %}

# e.g. a + 1 <= b
# e.g. ip not in cidr("10.0.0.0/8")
# e.g. name not like "adm*"i
comparison -> sum      {% id %}
            | sum test {% build.comparison %}

# e.g. != b
# e.g. in ["a", "b"]
# e.g. not matches '^curl'
test -> %comparator sum         {% build.compare %}
      | "in" sum                {% build.membership %}
      | "not" "in" sum          {% build.nonMembership %}
      | %matcher wildcard       {% build.match %}
      | "not" %matcher wildcard {% build.nonMatch %}

# e.g. "adm*"i
wildcard -> %text           {% build.textPattern %}
          | %ignoreCaseText {% build.textPattern %}

# e.g. a - b + 1
sum -> product               {% id %}
     | sum %additive product {% build.binary %}

# e.g. -a * b / 2 % 3
product -> signed                         {% id %}
         | product %multiplicative signed {% build.binary %}

# e.g. --a
signed -> operand         {% id %}
        | minuses operand {% build.unary %}

# e.g. - -
minuses -> "-"         {% build.first %}
         | minuses "-" {% build.append %}

# e.g. first(a).user.address["city name"][0]
operand -> primary      {% id %}
         | operand step {% build.stepped %}

# e.g. .user
# e.g. ["city name"]
# e.g. [0]
step -> "." %name        {% build.member %}
      | "[" %text "]"    {% build.textMember %}
      | "[" %integer "]" {% build.index %}

# e.g. count
# e.g. now()
# e.g. if(a, 1, null)
# e.g. 1.5e3
# e.g. 1h30m
# e.g. ["a", 2, true]
# e.g. []
# e.g. (a or b)
primary -> %name               {% build.name %}
         | %name arguments     {% build.call %}
         | %text               {% build.text %}
         | %integer            {% build.number %}
         | %number             {% build.number %}
         | %duration           {% build.duration %}
         | %constant           {% build.constant %}
         | "[" "]"             {% build.array %}
         | "[" expressions "]" {% build.array %}
         | "(" expression ")"  {% build.parenthesized %}
         | template            {% id %}

# e.g. ()
# e.g. (a, b + 1)
arguments -> "(" ")"             {% build.callArguments %}
           | "(" expressions ")" {% build.callArguments %}

# e.g. "${user}"
# e.g. "it is \${user}: ${if(a, "yes, ${b}", "no")}."
template -> %templateStart parts %templateEnd {% build.template %}

# What stands between the quotes: the lexer is in another state there, so these have no examples of their own.
parts -> part       {% build.first %}
       | parts part {% build.append %}
part -> %chunk                         {% build.chunk %}
      | %holeStart expression %holeEnd {% build.hole %}

# ---- names: any word but the reserved ones -------------------------------------------------------------------------

# e.g. stream
streamName -> %name {% build.named %}
# e.g. rule
ruleName -> %name {% build.named %}
# e.g. key
fieldName -> %name {% build.named %}
# e.g. high
severityName -> %name {% build.named %}
# e.g. deliver
destinationName -> %name {% build.named %}
# e.g. on
entryName -> %name {% build.named %}
# e.g. next
stageName -> %name {% build.named %}
# e.g. begin
targetName -> %name {% build.named %}
