import { expect, it } from "vitest";
import { parsePanes } from "./session-list.ts";

it.each([
  ["0", "", "", undefined],
  ["1", "0", "", false],
  ["1", "1", "", false],
  ["1", "143", "", true],
  ["1", "137", "", true],
  ["1", "", "15", true],
  ["1", "", "9", true],
  ["1", "", "11", false],
  // Not collected yet: it may have been.
  ["1", "", "", true],
])("of a pane that is dead (%s) with status %j and signal %j, a signal of others has ended it: %s", (...pane) => {
  const [dead, status, signal, signalled] = pane;
  const [session] = parsePanes([["a", "1", "$1", "1", dead, status, signal].join("\t")]);
  expect(session?.signalled).toBe(signalled);
});
