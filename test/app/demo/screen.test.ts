import { describe, expect, test } from "@jest/globals";

import { Screen } from "../../../src/app/demo/screen.ts";
import { anAlert } from "./an-alert.ts";

function shown(isTTY: boolean, draw: (screen: Screen) => void): string {
  let text = "";
  draw(new Screen({ isTTY, columns: 40, write: (part) => (text += part) }));
  return text;
}

describe("Screen", () => {
  test("an alert is one line: when, how grave, which rule, what", () => {
    const alert = anAlert({ at: "2026-03-01T09:02:00.000Z", emit: { message: "ann: 5 failures" }, suppressed: 2 });
    expect(shown(false, (screen) => screen.alert(alert))).toBe(
      "09:02:00  high      some_rule                 ann: 5 failures (+2 held)\n",
    );
  });

  test("without a message the whole of emit is shown", () => {
    const alert = anAlert({ emit: { attempts: 5 } });
    expect(shown(false, (screen) => screen.alert(alert))).toContain('some_rule                 {"attempts":5}\n');
  });

  test("without a terminal nothing moves and nothing is coloured", () => {
    const text = shown(false, (screen) => {
      screen.status("12 events");
      screen.line(screen.paint("bold", "done"));
    });
    expect(text).toBe("done\n");
  });

  test("on a terminal lines come above the moving one, which is cut to the width and goes away", () => {
    const text = shown(true, (screen) => {
      screen.status("x".repeat(100));
      screen.line("done");
      screen.status("");
    });
    const moving = `\u001b[2m${"x".repeat(39)}\u001b[0m`;
    expect(text).toBe(`${moving}\r\u001b[Kdone\n${moving}\r\u001b[K`);
  });
});
