import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { allRunning, localCities, untilState } from "../../test/local-city.ts";

const it = localCities();

const talker = `[providers.talker]
command = "sh"
args = ["talk.sh"]
prompt_mode = "none"
session_id_flag = "--session-id"
resume_flag = "--resume"

[[agent]]
name = "a"
provider = "talker"
min_active_sessions = 1
max_active_sessions = 1
`;

it("starts an agent again with its conversation, until that cannot be gone on with", async ({ city }) => {
  const heard = async (): Promise<string[]> => (await readFile(join(city.root, "heard"), "utf8")).trim().split("\n");
  // Once the conversations are gone, who resumes one ends at once.
  const talk = `echo "$@" >> heard; if [ "$1" = --resume ] && [ -e lost ]; then exit 1; fi; exec cat`;
  await writeFile(join(city.root, "talk.sh"), talk);
  await city.write(talker);
  const runtime = city.open();
  await runtime.startCity();
  await untilState(runtime, allRunning);
  await runtime.stopAgent("a");
  await runtime.startAgent("a");
  const [first = "", second] = await heard();
  const [flag, key] = first.split(" ");
  expect([flag, second]).toEqual(["--session-id", `--resume ${key}`]);

  await writeFile(join(city.root, "lost"), "");
  await runtime.stopAgent("a");
  await expect(runtime.startAgent("a")).rejects.toMatchObject({ problem: { code: "session-died" } });
  await untilState(runtime, allRunning);
  const [, , third, fourth] = await heard();
  expect([third, fourth]).toEqual([second, expect.stringMatching(/^--session-id /u)]);
  expect(fourth).not.toBe(first);
});
