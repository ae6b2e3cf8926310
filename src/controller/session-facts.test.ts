import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { status } from "../../test/reconciled-world.ts";
import { FactsReader } from "./session-facts.ts";

const hour = 3_600_000;
let lastActivity: number;

/** Its sessions live, and have last done something at that time. */
const provider = {
  inspect: () => Promise.resolve({ notes: new Map<string, string>(), lastActivity, attached: false }),
  processAlive: () => Promise.resolve(true),
  peek: () => Promise.resolve(""),
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  lastActivity = Date.now() - 60_000;
});
afterEach(() => vi.useRealTimers());

/** For how long the session has done nothing, in whole seconds. */
async function idle(reader: FactsReader): Promise<number> {
  const facts = await reader.read([{ status: status("a"), programs: [], maxAge: 0 }], true);
  return Math.round((Date.now() - (facts.get("a")?.lastActivity ?? NaN)) / 1000);
}

it.each([8, -8])("counts no hour of a clock that jumps by %i as idle", async (hours) => {
  const reader = new FactsReader(provider, () => {});
  expect(await idle(reader)).toBe(60);
  vi.setSystemTime(Date.now() + hours * hour);
  expect(await idle(reader)).toBe(60);
  // Its own clock may have jumped as well, or not.
  lastActivity += 1000;
  expect(await idle(reader)).toBe(0);
  lastActivity = Date.now();
  expect(await idle(reader)).toBe(0);
});

it("believes what it finds", async () => {
  lastActivity -= hour;
  expect(await idle(new FactsReader(provider, () => {}))).toBe(3660);
});

/** A provider whose session `slow` answers when it is let, and all others at once. */
function sessions() {
  let gate: Promise<void> = Promise.resolve();
  let told = 0;
  const inspection = { notes: new Map<string, string>(), lastActivity: 0, attached: false };
  const reader = new FactsReader(
    {
      async inspect(name) {
        if (name === "slow") await gate;
        return inspection;
      },
      processAlive: () => Promise.resolve(true),
      peek: () => Promise.resolve(""),
    },
    () => (told += 1),
  );
  const ask = async (due: boolean): Promise<readonly string[]> => {
    const asked = ["quick", "slow"].map((name) => ({ status: status(name), programs: [], maxAge: 0 }));
    return [...(await reader.read(asked, due)).keys()].toSorted();
  };
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  return { ask, hold, told: () => told };
}

it("lets news wait for nobody who is known already, and tells of his answer when it comes", async () => {
  const { ask, hold, told } = sessions();
  expect(await ask(false)).toEqual(["quick", "slow"]);
  const answer = hold();
  // What is due was asked first, and waits.
  const first = await Promise.race([ask(true).then(() => "due"), ask(false).then(() => "news")]);
  expect([first, told()]).toEqual(["news", 0]);
  answer();
  await expect.poll(told).toBeGreaterThan(0);
});

it("does not wait for ever for one who is not known, nor for answers that are due", async () => {
  const { ask, hold, told } = sessions();
  const answer = hold();
  expect(await ask(false)).toEqual(["quick"]);
  expect(await ask(true)).toEqual(["quick"]);
  const before = told();
  answer();
  await expect.poll(told).toBeGreaterThan(before);
  expect(await ask(false)).toEqual(["quick", "slow"]);
});
