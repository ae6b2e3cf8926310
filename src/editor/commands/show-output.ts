import type { PlainCommand } from "./command.ts";

/** Shows the output channel. */
export const showOutput: PlainCommand = {
  kind: "plain",
  id: "gascity.showOutput",
  title: "Show Output",
  run: ({ showOutput }) => showOutput(),
};
