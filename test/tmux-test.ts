import { test } from "vitest";
import { LocalTmux } from "./local-tmux.ts";

/** A test with a tmux of its own; those in `describe.concurrent` wait for theirs at once. */
export const tmuxTest = test.extend<{ tmux: LocalTmux }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from it what a fixture needs.
  tmux: async ({}, use) => {
    const tmux = new LocalTmux();
    await use(tmux);
    tmux.dispose();
  },
});
