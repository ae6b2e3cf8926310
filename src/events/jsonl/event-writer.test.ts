import { execFile } from "node:child_process";
import { appendFile, mkdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { eventFileTest as it, eventLine } from "../../../test/event-file-test.ts";
import type { NewEvent } from "../event-log.ts";
import { longestLine } from "./line-limit.ts";

const event: NewEvent = { type: "a", time: 0, actor: "x" };

const numbersIn = (text: string): readonly unknown[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { seq: unknown }).seq);

describe.concurrent("recording", () => {
  it("writes the events of one turn in the order in which they came", async ({ file }) => {
    const log = file.open();
    const later = log.record({ ...event, type: "first" });
    await Promise.all([later, ...["b", "c"].map((type) => log.record({ ...event, type }))]);
    expect((await log.list({})).map(({ seq, type }) => `${seq} ${type}`)).toEqual(["1 first", "2 b", "3 c"]);
  });

  it("keeps what cannot be written, says so once, and writes it when it can", async ({ file }) => {
    await mkdir(file.path);
    const log = file.open();
    for (const type of ["one", "two"]) await log.record({ ...event, type });
    expect(file.told).toEqual([expect.stringMatching(/^error: Events cannot be written to .*EISDIR.*Make room/u)]);
    await rmdir(file.path);
    await log.record({ ...event, type: "three" });
    expect((await log.list({})).map(({ seq, type }) => `${seq} ${type}`)).toEqual(["1 one", "2 two", "3 three"]);
    expect(file.told.slice(1)).toEqual(["info: Events are written again"]);
    await rm(file.path);
    await mkdir(file.path);
    await log.record(event);
    expect(file.told.slice(2)).toEqual([expect.stringMatching(/^error: Events cannot be written/u)]);
    log.dispose();
    expect(file.told.slice(3)).toEqual(["warn: Events that could not be written are lost: 1"]);
  });

  it("keeps no more than the last thousand", async ({ file }) => {
    await mkdir(file.path);
    const log = file.open();
    await Promise.all(Array.from({ length: 1200 }, (_, index) => log.record({ ...event, type: `t${index}` })));
    await rmdir(file.path);
    await log.record({ ...event, type: "last" });
    const types = (await log.list({})).map(({ type }) => type);
    expect([types.length, types.at(0), types.at(-1)]).toEqual([1001, "t200", "last"]);
    expect(file.told.at(-1)).toBe("info: Events are written again, 200 are lost");
  });

  it("passes over what gc could not read again", async ({ file }) => {
    const log = file.open();
    await log.record({ ...event, message: "x".repeat(longestLine) });
    await log.record({ ...event, payload: "{" });
    await log.record({ ...event, time: Number.NaN });
    await log.record(event);
    expect(numbersIn(await readFile(file.path, "utf8"))).toEqual([1]);
    expect(file.told).toHaveLength(3);
  });

  it.skipIf(process.platform !== "linux")(
    "writes again only what is not whole after a disk that got full",
    async ({ file }) => {
      // The line that begins the write ends what somebody else has left.
      await writeFile(file.path, '{"seq":9,"typ');
      const script = `
      import { execFileSync } from "node:child_process";
      import { silentLog } from ${JSON.stringify(join(import.meta.dirname, "../../lib/log.ts"))};
      import { openJsonlEventLog } from ${JSON.stringify(join(import.meta.dirname, "jsonl-event-log.ts"))};
      const log = openJsonlEventLog({ root: ${JSON.stringify(file.root)}, log: silentLog });
      const record = (type) => log.record({ type, time: 0, actor: "x" });
      await Promise.all(Array.from({ length: 30 }, (_, index) => record("t" + index)));
      console.log((await log.list({})).length);
      execFileSync("prlimit", ["--pid", String(process.pid), "--fsize=unlimited"]);
      await record("last");
      console.log((await log.list({})).map(({ type }) => type).join(" "));
      log.dispose();
    `;
      const limited = ["-c", 'ulimit -S -f 2; exec "$0" --input-type=module -e "$1"', process.execPath, script];
      const { stdout, stderr } = await promisify(execFile)("sh", limited, { timeout: 20_000 });
      const [before, types] = stdout.split("\n");
      expect([Number(before) > 0 && Number(before) < 30, stderr]).toEqual([true, ""]);
      expect(types).toBe([...Array.from({ length: 30 }, (_, index) => `t${index}`), "last"].join(" "));
    },
  );

  it("goes on beside others that append whole lines", async ({ file }) => {
    await writeFile(file.path, "");
    const log = file.open();
    const others = Array.from({ length: 50 }, (_, index) =>
      appendFile(file.path, `${eventLine(index + 1, "other")}\n`),
    );
    const mine = Array.from({ length: 50 }, () => log.record(event));
    await Promise.all([...others, ...mine]);
    const events = await log.list({});
    expect(events.filter(({ type }) => type === "other")).toHaveLength(50);
    const own = events.filter(({ type }) => type === "a").map(({ seq }) => seq);
    expect(own).toHaveLength(50);
    expect(own).toEqual(own.toSorted((first, second) => first - second));
    expect(new Set(own).size).toBe(50);
  });
});
