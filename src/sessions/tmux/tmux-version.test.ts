import { expect, it } from "vitest";
import { requireVersion } from "./tmux-version.ts";

it.each(["tmux 3.2", "tmux 3.3a", "tmux 3.10", "tmux 4.0", "tmux next-3.6", "tmux master", "tmux openbsd-7.5"])(
  "takes %s",
  (printed) => {
    expect(() => requireVersion(printed)).not.toThrow();
  },
);

it.each(["tmux 3.1c", "tmux 2.9", "tmux 1.8"])("refuses %s", (printed) => {
  expect(() => requireVersion(printed)).toThrow(`${printed} on this machine is older than tmux 3.2`);
});
