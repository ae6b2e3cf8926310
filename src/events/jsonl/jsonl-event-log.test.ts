import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  rmdir,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { eventFileTest as it, eventLine } from "../../../test/event-file-test.ts";
import { eventLogContract } from "../../../test/event-log-contract.ts";
import { silentLog } from "../../lib/log.ts";
import { problemOf } from "../../lib/problem.ts";
import type { EventLog, NewEvent } from "../event-log.ts";
import { openJsonlEventLog } from "./jsonl-event-log.ts";
import { longestLine } from "./line-limit.ts";

const event: NewEvent = { type: "a", time: 0, actor: "x" };
const soon = { timeout: 10_000, interval: 5 };

const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");

/** The types of the events of a log, by number. */
async function listed(log: EventLog): Promise<readonly string[]> {
  return (await log.list({})).map(({ seq, type }) => `${seq} ${type}`);
}

/** What a watch has handed out, which is waited for. */
function watch(log: EventLog, afterSeq = 0): (...expected: readonly string[]) => Promise<void> {
  const seen: string[] = [];
  log.watch(afterSeq, (events) => seen.push(...events.map(({ seq, type }) => `${seq} ${type}`)));
  return (...expected) => vi.waitFor(() => expect(seen).toEqual(expected), soon);
}

describe.concurrent("events in a file, as in every log", () => {
  it.for(Object.entries(eventLogContract))("%s", async ([, holds], { file }) => {
    await holds({ log: file.open(), open: file.open });
  });
});

describe.concurrent("the file of events", () => {
  it("and its folder are made with the first event", async ({ file }) => {
    await rm(join(file.root, ".gc"), { recursive: true });
    const log = file.open();
    const seen = watch(log);
    expect(await listed(log)).toEqual([]);
    await log.record({ ...event, payload: "{ }" });
    await seen("1 a");
    const line = '{"seq":1,"type":"a","ts":"1970-01-01T00:00:00Z","actor":"x","payload":{}}\n';
    expect(await readFile(file.path, "utf8")).toBe(line);
  });

  it("keeps every byte of what is in it, and the first new line to itself", async ({ file }) => {
    const before = `${eventLine(7, "seven")}\n{"seq":9,"typ`;
    await writeFile(file.path, before);
    const log = file.open();
    await log.record(event);
    expect((await readFile(file.path, "utf8")).startsWith(`${before}\n{"seq":8,`)).toBe(true);
    expect(await listed(log)).toEqual(["7 seven", "8 a"]);
  });

  it("counts a last line without an end, as gc does", async ({ file }) => {
    await writeFile(file.path, eventLine(7, "seven"));
    const log = file.open();
    expect(await log.latestSeq()).toBe(7);
    await log.record(event);
    expect(await listed(log)).toEqual(["7 seven", "8 a"]);
  });

  it("is counted on from its highest number, not its last", async ({ file }) => {
    await writeFile(file.path, lines(eventLine(3, "three"), eventLine(40, "forty"), eventLine(4, "four")));
    const log = file.open();
    await log.record(event);
    await appendFile(file.path, lines(eventLine(99, "high"), eventLine(5, "five")));
    await log.record(event);
    expect((await listed(log)).slice(3)).toEqual(["41 a", "99 high", "5 five", "100 a"]);
  });

  it("is counted by whole lines only", async ({ file }) => {
    await writeFile(file.path, lines(eventLine(3, "three")));
    const log = file.open();
    const [start, end] = [eventLine(20, "t").slice(0, 40), eventLine(20, "t").slice(40)];
    await appendFile(file.path, start);
    expect(await log.latestSeq()).toBe(3);
    await appendFile(file.path, `${end}\n`);
    expect(await log.latestSeq()).toBe(20);
  });

  it("may hold lines that are no events", async ({ file }) => {
    const tooLong = eventLine(50, "long", "x".repeat(longestLine));
    const good = '{"type":"good","seq":2, "actor":"human","ts":"2026-11-26T07:37:45+01:00","more":[]}';
    await writeFile(file.path, lines("", "{bad", "null", "[]", '{"seq":99}', tooLong, good, "\0\0"));
    const log = file.open();
    expect(await listed(log)).toEqual(["2 good"]);
    const seen = watch(log);
    await log.record(event);
    await seen("2 good", "3 a");
    expect(await log.list({ type: "good", actor: "human", afterSeq: 1, since: 1 })).toHaveLength(1);
    expect(await log.list({ type: "good", actor: "other" })).toEqual([]);
  });

  it("cannot be read when it is none", async ({ file }) => {
    await mkdir(file.path);
    const log = file.open();
    const codes = await Promise.allSettled([log.list({}), log.latestSeq()]);
    expect(codes.map((result) => result.status === "rejected" && problemOf(result.reason).code)).toEqual([
      "events-failed",
      "events-failed",
    ]);
  });
});

describe.concurrent("a watch of the file", () => {
  it("waits for the end of a line", async ({ file }) => {
    const line = eventLine(2, "two");
    await writeFile(file.path, `${eventLine(1, "one")}\n${line.slice(0, 30)}`);
    const seen = watch(file.open());
    await seen("1 one");
    await appendFile(file.path, line.slice(30));
    await appendFile(file.path, "\n");
    await seen("1 one", "2 two");
  });

  it("hands out what is appended whatever its number, for gc's processes count each by itself", async ({ file }) => {
    await writeFile(file.path, lines(eventLine(10, "ten"), eventLine(3, "three")));
    const seen = watch(file.open(), 4);
    await seen("10 ten");
    await appendFile(file.path, lines(eventLine(4, "late"), eventLine(10, "twin")));
    await seen("10 ten", "4 late", "10 twin");
  });

  it("reads to its end a file that is renamed, and goes on in the next", async ({ file }) => {
    await writeFile(file.path, lines(eventLine(1, "one")));
    const seen = watch(file.open());
    await seen("1 one");
    // At once, so that no look falls in between.
    appendFileSync(file.path, lines(eventLine(2, "two")));
    renameSync(file.path, `${file.path}.1`);
    writeFileSync(file.path, lines(eventLine(3, "three")));
    await seen("1 one", "2 two", "3 three");
    await appendFile(file.path, lines(eventLine(4, "four")));
    await seen("1 one", "2 two", "3 three", "4 four");
  });

  it("goes on in a copy that takes the file's place", async ({ file }) => {
    await writeFile(file.path, lines(eventLine(1, "one"), eventLine(2, "two")));
    const seen = watch(file.open());
    await seen("1 one", "2 two");
    await copyFile(file.path, `${file.path}.new`);
    await appendFile(`${file.path}.new`, lines(eventLine(1, "new")));
    await rename(`${file.path}.new`, file.path);
    await seen("1 one", "2 two", "1 new");
  });

  it("hands out nothing twice when somebody has cut out old lines", async ({ file }) => {
    await writeFile(file.path, lines(eventLine(1, "one"), eventLine(2, "two"), eventLine(3, "three")));
    const log = file.open();
    const seen = watch(log);
    await seen("1 one", "2 two", "3 three");
    await writeFile(`${file.path}.new`, lines(eventLine(3, "three")));
    await rename(`${file.path}.new`, file.path);
    await log.record(event);
    await seen("1 one", "2 two", "3 three", "4 a");
  });

  it.for([
    ["emptied", ({ path }: { path: string }) => truncate(path)],
    ["deleted", ({ path }: { path: string }) => rm(path)],
  ] as const)("goes on when the file is %s and counted from 1 again", async ([, change], { file }) => {
    await writeFile(file.path, lines(eventLine(1, "one"), eventLine(2, "two")));
    const log = file.open();
    const seen = watch(log);
    await seen("1 one", "2 two");
    await change(file);
    await appendFile(file.path, lines(eventLine(1, "again")));
    await seen("1 one", "2 two", "1 again");
    expect(await listed(log)).toEqual(["1 again"]);
  });

  it("sees a folder that is made later, or anew", async ({ file }) => {
    const folder = join(file.root, ".gc");
    await rm(folder, { recursive: true });
    const seen = watch(file.open());
    await mkdir(folder);
    await writeFile(file.path, lines(eventLine(1, "one")));
    await seen("1 one");
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await writeFile(file.path, lines(eventLine(2, "two")));
    await seen("1 one", "2 two");
    await appendFile(file.path, lines(eventLine(3, "three")));
    await seen("1 one", "2 two", "3 three");
  });

  it("finds by its patrol what nobody told of", async ({ file }) => {
    const root = join(file.root, "gone");
    const log = openJsonlEventLog({ root, log: silentLog, patrol: 20 });
    const seen = watch(log);
    // At once, so that nobody has begun to watch in between.
    mkdirSync(join(root, ".gc"), { recursive: true });
    writeFileSync(join(root, ".gc/events.jsonl"), lines(eventLine(1, "one")));
    await seen("1 one");
    log.dispose();
  });

  it("says once that it cannot read, and goes on when it can", async ({ file }) => {
    await mkdir(file.path);
    const seen = watch(file.open(20));
    const told = [expect.stringMatching(/^warn: Events of .*EISDIR/u)];
    await vi.waitFor(() => expect(file.told).toEqual(told), soon);
    await rmdir(file.path);
    await writeFile(file.path, lines(eventLine(1, "one")));
    await seen("1 one");
    expect(file.told).toEqual(told);
  });

  it("hands out nothing more once its listener has ended it", async ({ file }) => {
    const many = Array.from({ length: 10_000 }, (_, index) => eventLine(index + 1, "many"));
    await writeFile(file.path, lines(...many));
    const log = file.open();
    const all = watch(log);
    const batches: number[] = [];
    const ended = log.watch(0, (events) => {
      batches.push(events.length);
      ended.dispose();
    });
    await all(...many.map((_, index) => `${index + 1} many`));
    expect(batches).toEqual([expect.any(Number)]);
    expect(batches[0]).toBeLessThan(many.length);
  });

  it.skipIf(process.platform !== "linux")("leaves no open file behind", async ({ file }) => {
    const log = file.open();
    const seen = watch(log);
    await log.record(event);
    await seen("1 a");
    const held = async (): Promise<readonly string[]> => {
      const names = await readdir("/proc/self/fd");
      const targets = await Promise.allSettled(names.map((name) => readlink(join("/proc/self/fd", name))));
      return targets.flatMap((target) =>
        target.status === "fulfilled" && target.value === file.path ? [target.value] : [],
      );
    };
    expect(await held()).toHaveLength(1);
    log.dispose();
    await vi.waitFor(async () => expect(await held()).toEqual([]), soon);
  });
});
