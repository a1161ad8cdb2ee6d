import { describe, expect, test } from "@jest/globals";

import { formatSource } from "../../src/lang/format.ts";

function check(source: string, expected: string): void {
  const formatted = formatSource(source);
  expect(formatted).toEqual({ text: expected });
  expect(formatSource(expected)).toEqual(formatted);
}

describe("formatting", () => {
  test("puts each clause, stage and entry on a line, in columns", () => {
    check(
      `stream s { time ts schema { user: string, at: { city: any? } } } rule r "T" { severity high from s where x key by user
       pattern { begin a where x followedByAny abc within 1m skip none } emit { m = "\${a.x}", count = count(a) } }`,
      `stream s {
  time ts
  schema {
    user: string
    at:   { city: any? }
  }
}

rule r "T" {
  severity high
  from     s where x
  key by   user
  pattern {
    begin         a   where x
    followedByAny abc
    within 1m
    skip none
  }
  emit {
    m     = "\${a.x}"
    count = count(a)
  }
}
`,
    );
  });

  test("keeps comments where they stand: above, behind, at the end", () => {
    check(
      `# file\n\n#block\nstream s { # s\n   # time\n time ts   # ts  \n late   drop # l\n # end\n}# after\n# last`,
      `# file

#block
stream s {  # s
  # time
  time ts    # ts
  late drop  # l
  # end
}  # after

# last
`,
    );
  });
  test("moves a comment out of the middle of a line, above it", () => {
    check(
      `rule r { from s # one
        , t # two
        pattern { begin ( # three
          begin a ) # four
          times(2) } }`,
      `rule r {
  # one
  from s, t  # two
  pattern {
    begin (  # three
      begin a  # four
    ) times(2)
  }
}
`,
    );
  });
  test("keeps blank lines, one for many, but not at the ends of a block", () => {
    check("stream s {\n\n  time a\n\n\n  late drop\n  id b\n\n}", "stream s {\n  time a\n\n  late drop\n  id   b\n}\n");
  });
  test("puts a blank line between blocks", () => check("stream s { }\nstream t { }", "stream s { }\n\nstream t { }\n"));
  test("breaks a line that is too long: at modifiers, then at conditions", () => {
    const [x, y] = ["x".repeat(45), "y".repeat(45)];
    check(
      `rule r { from s pattern { begin a where ${x} and ${y} optional times(2) next b where ${x} and ${y} and z or u oneOrMore } }`,
      `rule r {
  from s
  pattern {
    begin a
        where ${x} and ${y}
        optional
        times(2)
    next b
        where (${x} and ${y} and z)
          or u
        oneOrMore
  }
}
`,
    );
  });
  test("breaks a list that is too long at its commas, with as many on a line as fit", () => {
    const names = ["a", "b", "c", "d"].map((letter) => letter.repeat(30));
    const [all, quoted] = [names.join(), JSON.stringify(names).slice(1, -1)];
    check(
      `rule r { tags ${quoted} from ${all} where x in [${all}] and not y }`,
      `rule r {
  tags "${names[0]}", "${names[1]}", "${names[2]}",
      "${names[3]}"
  from ${names[0]}, ${names[1]}, ${names[2]},
      ${names[3]}
      where x in [${names[0]}, ${names[1]},
        ${names[2]}, ${names[3]}]
        and not y
}
`,
    );
  });
  test("leaves a file of comments alone", () => check("# a\n\n\n# b", "# a\n\n# b\n"));
  test("leaves nothing of nothing", () => check(" \n", ""));
  test("says what is wrong with what does not parse", () => {
    expect(formatSource("rule")).toMatchObject({ diagnostics: [{ code: "E021" }] });
  });
});
