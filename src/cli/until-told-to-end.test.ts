import { spawn } from "node:child_process";
import { once } from "node:events";
import { execPath } from "node:process";
import { expect, it } from "vitest";

/** Never ends by itself, and says when it is told to. */
const program = `
  import { untilToldToEnd } from "./src/cli/until-told-to-end.ts";
  setInterval(() => {}, 1000);
  await untilToldToEnd((signal) => new Promise(() => {
    signal.addEventListener("abort", () => console.log("told"));
    console.log("runs");
  }));
`;

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("aborts at the first signal, and ends the program at once at a second %s", async (second, code) => {
  const child = spawn(execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const said = async (): Promise<string> => String((await once(child.stdout, "data"))[0]);
  expect(await said()).toBe("runs\n");
  child.kill("SIGTERM");
  expect(await said()).toBe("told\n");
  child.kill(second);
  expect(await ended).toEqual([code, null]);
});
