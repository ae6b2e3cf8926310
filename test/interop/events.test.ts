import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { CityEvent, EventLog, NewEvent } from "../../src/events/event-log.ts";
import { openJsonlEventLog } from "../../src/events/jsonl/jsonl-event-log.ts";
import { byBytes } from "../../src/lib/by-bytes.ts";
import { silentLog } from "../../src/lib/log.ts";
import { anyCharacter } from "../any-character.ts";
import { gc, runGc } from "./gc.ts";
import { writeCity } from "./write-city.ts";

interface City {
  readonly root: string;
  readonly log: EventLog;
}

const it = test.extend<{ city: City }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from it what a fixture needs.
  city: async ({}, use) => {
    const root = await mkdtemp(join(tmpdir(), "gascity-events-"));
    writeCity(root, {
      "city.toml": '[workspace]\nname = "events"\n',
      "pack.toml": '[pack]\nname = "events"\nschema = 1\n',
    });
    const log = openJsonlEventLog({ root, log: silentLog, patrol: 3_600_000 });
    await use({ root, log });
    log.dispose();
    await rm(root, { recursive: true });
  },
});

const soon = { timeout: 20_000, interval: 20 };

const event: NewEvent = { type: "bead.created", time: Date.UTC(2026, 0, 2, 3, 4, 5, 60), actor: "worker-1" };

/** What a program can be given as one of its arguments, and gc takes for a value that is there. */
const argument = fc.string({ unit: anyCharacter, minLength: 1 }).filter((text) => !text.includes("\0"));
const anyEvents = fc.array(
  fc.record(
    {
      type: argument.filter((text) => !text.startsWith("-")),
      time: fc.constant(event.time),
      actor: argument,
      subject: argument,
      message: argument,
      payload: fc
        .jsonValue({ stringUnit: anyCharacter })
        .chain((value) => fc.constantFrom("", "\t").map((space) => JSON.stringify(value, undefined, space))),
    },
    { requiredKeys: ["type", "time", "actor"] },
  ),
  { minLength: 40, maxLength: 40 },
);

async function emit({ root }: City, { type, actor, subject, message, payload }: Omit<NewEvent, "time">): Promise<void> {
  const flags = Object.entries({ actor, subject, message, payload });
  const given = flags.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  expect(await runGc(root, ["event", "emit", type, ...given])).toMatchObject({ stderr: "", code: 0 });
}

async function gcEvents({ root }: City, ...args: readonly string[]): Promise<readonly CityEvent[]> {
  const { stdout, stderr } = await runGc(root, ["events", "--json", ...args]);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as readonly CityEvent[];
}

const fileOf = ({ root }: City): Promise<string> => readFile(join(root, ".gc", "events.jsonl"), "utf8");
const withoutTimes = (text: string): string => text.replaceAll(/"ts":"[^"]*"/gu, '"ts":""');

describe.skipIf(gc === undefined)("events shared with gc", () => {
  it("are byte for byte what gc writes", async ({ city }) => {
    const [events = []] = fc.sample(anyEvents, { numRuns: 1, seed: 7 });
    for (const some of events) await emit(city, some);
    const ofGc = await fileOf(city);
    await rm(join(city.root, ".gc", "events.jsonl"));
    const log = openJsonlEventLog({ root: city.root, log: silentLog });
    for (const some of events) await log.record(some);
    log.dispose();
    expect(withoutTimes(await fileOf(city)).split("\n")).toEqual(withoutTimes(ofGc).split("\n"));
  });

  it("are listed and watched when gc emits them", async ({ city }) => {
    const watched: CityEvent[] = [];
    city.log.watch(0, (events) => watched.push(...events));
    await emit(city, { ...event, subject: "gc-1", payload: '{ "id": "gc-1" }' });
    await emit(city, { type: "my.own", actor: "human", message: "two\nlines" });
    await vi.waitFor(() => expect(watched).toHaveLength(2), soon);
    expect(await city.log.list({})).toEqual(watched);
    expect(watched).toMatchObject([
      { seq: 1, type: "bead.created", actor: "worker-1", subject: "gc-1", payload: '{"id":"gc-1"}' },
      { seq: 2, type: "my.own", actor: "human", message: "two\nlines" },
    ]);
    expect(Math.abs((watched[1]?.time ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it("are shown by gc when we record them", async ({ city }) => {
    await city.log.record({ ...event, subject: "gc-1", payload: '{"n":1}' });
    await city.log.record({ ...event, type: "my.own", time: Date.now(), message: "two\nlines" });
    const [first, second, ...others] = await gcEvents(city);
    const { type, actor } = event;
    expect(first).toEqual({ seq: 1, type, ts: "2026-01-02T03:04:05.06Z", actor, subject: "gc-1", payload: { n: 1 } });
    expect([second?.message, others]).toEqual(["two\nlines", []]);
    expect(await gcEvents(city, "--type", "my.own")).toEqual([second]);
    expect(await gcEvents(city, "--since", "1h")).toEqual([second]);
    expect((await runGc(city.root, ["events", "--seq"])).stdout).toBe("2\n");
  });

  it("wake gc that waits for them", async ({ city }) => {
    await city.log.record(event);
    const waiting = runGc(city.root, ["events", "--watch", "--after", "1", "--type", "my.own", "--timeout", "20s"]);
    await city.log.record(event);
    await city.log.record({ ...event, type: "my.own" });
    expect((await waiting).stdout).toContain('"seq":3,"type":"my.own"');
  });

  it("are all there when both write at once", async ({ city }) => {
    const watched: CityEvent[] = [];
    city.log.watch(0, (events) => watched.push(...events));
    const names = (who: string, count: number) => Array.from({ length: count }, (_, index) => `${who}-${index}`);
    const ofGc = (async () => {
      for (const subject of names("gc", 20)) await emit(city, { ...event, subject });
    })();
    const ours = (async () => {
      for (let index = 0; index < 20; index += 1) {
        await Promise.all(names(`ours-${index}`, 10).map((subject) => city.log.record({ ...event, subject })));
        await vi.waitFor(() => expect(watched.some(({ subject }) => subject === `gc-${index}`)).toBe(true), soon);
      }
    })();
    await Promise.all([ofGc, ours]);
    const expected = [
      ...names("gc", 20),
      ...Array.from({ length: 20 }, (_, index) => names(`ours-${index}`, 10)).flat(),
    ];
    const subjects = (events: readonly CityEvent[]) => events.map(({ subject = "" }) => subject).toSorted(byBytes);
    expect(subjects(await gcEvents(city))).toEqual(expected.toSorted(byBytes));
    expect(subjects(await city.log.list({}))).toEqual(expected.toSorted(byBytes));
    await vi.waitFor(() => expect(subjects(watched)).toEqual(expected.toSorted(byBytes)), soon);
  });
});
