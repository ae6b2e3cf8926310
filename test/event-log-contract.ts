import assert from "node:assert/strict";
import { expect, vi } from "vitest";
import type { CityEvent, EventFilter, EventLog, NewEvent } from "../src/events/event-log.ts";

/** An empty log, and a way to open it once more as another process would. */
export interface LogPlace {
  readonly log: EventLog;
  readonly open: () => EventLog;
}

const noon = Date.UTC(2026, 5, 15, 12);
const hour = 3_600_000;
const soon = { timeout: 10_000, interval: 10 };

const created: NewEvent = { type: "bead.created", time: noon, actor: "human" };
const closed: NewEvent = { type: "bead.closed", time: noon + hour, actor: "human" };
const woke: NewEvent = { type: "session.woke", time: noon + 2 * hour, actor: "gc" };

async function recordAll(log: EventLog, events: readonly NewEvent[]): Promise<void> {
  for (const event of events) await log.record(event);
}

const typesOf = (events: readonly CityEvent[]): readonly string[] => events.map(({ type }) => type);
const seqsOf = (events: readonly CityEvent[]): readonly number[] => events.map(({ seq }) => seq);

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}

/** What a watch hands out, as it comes. */
function watched(log: EventLog, afterSeq: number): { readonly events: CityEvent[]; readonly end: () => void } {
  const events: CityEvent[] = [];
  const watch = log.watch(afterSeq, (some) => events.push(...some));
  return { events, end: () => watch.dispose() };
}

/** What every event log does in the same way, as gc's own suite has it: its name, and what has to hold of an empty log. */
export const eventLogContract: Readonly<Record<string, (place: LogPlace) => Promise<void>>> = {
  async "gives back all of what was recorded"({ log }) {
    const event = { type: "my.own", time: noon + 5, actor: "worker-1", subject: "gc-1", message: "Größe\n<&>\u2028" };
    await log.record({ ...event, payload: '{"n": 1.0, "big":12345678901234567890}' });
    const [got, ...others] = await log.list({});
    assert.deepEqual(others, []);
    assert.partialDeepStrictEqual(got, event);
    assert.equal(got?.payload?.replaceAll(/\s/gu, ""), '{"n":1.0,"big":12345678901234567890}');
  },

  async "gives rising numbers, from above 0"({ log }) {
    await recordAll(log, [created, closed, woke]);
    const seqs = seqsOf(await log.list({}));
    assert.equal(seqs.length, 3);
    assert.ok((seqs[0] ?? 0) > 0 && isRising(seqs), String(seqs));
  },

  async "lists what passes each filter, in order"({ log }) {
    await recordAll(log, [created, closed, woke]);
    const [first] = seqsOf(await log.list({}));
    const cases: readonly [EventFilter, readonly NewEvent[]][] = [
      [{}, [created, closed, woke]],
      [{ type: "bead.created" }, [created]],
      [{ actor: "gc" }, [woke]],
      [{ afterSeq: first ?? 0 }, [closed, woke]],
      [{ since: noon + hour }, [closed, woke]],
      [{ since: noon + hour + 1 }, [woke]],
      [{ limit: 2 }, [closed, woke]],
      [{ limit: 0 }, []],
      [{ actor: "human", limit: 1 }, [closed]],
      [{ type: "bead.closed", actor: "human", since: noon, afterSeq: first ?? 0 }, [closed]],
      [{ type: "bead.closed", actor: "gc" }, []],
      [{ type: "mail.sent" }, []],
    ];
    for (const [filter, events] of cases) {
      assert.deepEqual(
        typesOf(await log.list(filter)),
        events.map(({ type }) => type),
        JSON.stringify(filter),
      );
    }
  },

  async "is empty at first"({ log }) {
    assert.deepEqual(await log.list({}), []);
    assert.equal(await log.latestSeq(), 0);
  },

  async "knows the latest number"({ log }) {
    await log.record(created);
    const before = await log.latestSeq();
    await log.record(closed);
    const after = await log.latestSeq();
    assert.deepEqual([before, after], seqsOf(await log.list({})));
  },

  async "hands a watch what is there and what comes, once and in order"({ log }) {
    await recordAll(log, [created, closed]);
    const { events } = watched(log, 0);
    await vi.waitFor(() => expect(events).toHaveLength(2), soon);
    await recordAll(log, [woke, created]);
    await vi.waitFor(() => expect(events.length).toBeGreaterThan(3), soon);
    assert.deepEqual(events, await log.list({}));
  },

  async "hands a watch only what comes after a number"({ log }) {
    await recordAll(log, [created, closed, woke]);
    const [, second] = seqsOf(await log.list({}));
    const { events } = watched(log, second ?? 0);
    await vi.waitFor(() => expect(typesOf(events)).toEqual(["session.woke"]), soon);
    const late = watched(log, await log.latestSeq());
    await log.record(created);
    await vi.waitFor(() => expect(typesOf(late.events)).toEqual(["bead.created"]), soon);
    await vi.waitFor(() => expect(typesOf(events)).toEqual(["session.woke", "bead.created"]), soon);
  },

  async "hands out nothing after the end of a watch"({ log }) {
    const ended = watched(log, 0);
    const other = watched(log, 0);
    await log.record(created);
    await vi.waitFor(() => expect(ended.events).toHaveLength(1), soon);
    ended.end();
    ended.end();
    await log.record(closed);
    await vi.waitFor(() => expect(other.events).toHaveLength(2), soon);
    assert.equal(ended.events.length, 1);
  },

  async "wakes every watch, past a listener that fails"({ log }) {
    log.watch(0, () => {
      throw new Error("no");
    });
    const watches = [watched(log, 0), watched(log, 0)];
    await log.record(created);
    await log.record(closed);
    for (const { events } of watches) await vi.waitFor(() => expect(events).toHaveLength(2), soon);
  },

  async "loses nothing that is recorded at once, and gives each its own number"({ log }) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => log.record({ ...created, subject: `gc-${index}` })));
    const events = await log.list({});
    assert.deepEqual(
      events.map(({ subject }) => subject),
      Array.from({ length: 100 }, (_, index) => `gc-${index}`),
    );
    assert.ok(isRising(seqsOf(events)));
  },

  async "counts on from what another has recorded, and hands that out"({ log, open }) {
    const { events } = watched(log, 0);
    const other = open();
    await log.record(created);
    await other.record(closed);
    await log.record(woke);
    await vi.waitFor(() => expect(typesOf(events)).toEqual(["bead.created", "bead.closed", "session.woke"]), soon);
    assert.ok(isRising(seqsOf(events)));
    assert.deepEqual(await other.list({}), events);
  },

  async "ends its watches with itself"({ log, open }) {
    const { events } = watched(log, 0);
    const other = open();
    const { events: others } = watched(other, 0);
    log.dispose();
    log.dispose();
    const late = watched(log, 0);
    await other.record(created);
    await vi.waitFor(() => expect(others).toHaveLength(1), soon);
    assert.deepEqual([...events, ...late.events], []);
  },
};
