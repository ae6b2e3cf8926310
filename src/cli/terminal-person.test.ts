import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { TerminalPerson } from "./terminal-person.ts";

/** A person who types these lines and then no more. */
function typing(...lines: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(lines.map((line) => `${line}\n`).join(""));
  const person = new TerminalPerson(input, output);
  const seen = async (): Promise<string> => {
    person.dispose();
    output.end();
    return text(output);
  };
  return { person, seen };
}

const choices = [
  { label: "one", description: "the first", value: 1 },
  { label: "eleven", value: 11 },
];

describe("TerminalPerson", () => {
  it.each([
    ["2", 11],
    [" eleven ", 11],
    ["", 1],
  ])("chooses by %j", async (line, value) => {
    const { person, seen } = typing(line);
    expect(await person.choose("Which?", choices)).toBe(value);
    expect(await seen()).toContain("Which?\n  1  one     the first\n  2  eleven\n1-2 [1]: ");
  });

  it("asks until it gets an answer", async () => {
    const { person, seen } = typing("3", "2", "", "bad", "good");
    expect(await person.choose("Which?", choices)).toBe(11);
    const problem = (answer: string): string | undefined => (answer === "good" ? undefined : `"${answer}" is wrong`);
    expect(await person.ask("Name", "its name", { value: "usual", problem })).toBe("good");
    const output = await seen();
    expect(output).toContain('There is no "3" to choose.\n');
    expect(output).toContain('Name: its name\n[usual]: "usual" is wrong.\n[usual]: "bad" is wrong.\n');
  });

  it("dismisses at the end of input", async () => {
    const { person } = typing();
    expect(await person.choose("Which?", choices)).toBeUndefined();
    expect(await person.ask("Name", "", { value: "", problem: () => undefined })).toBeUndefined();
  });
});
