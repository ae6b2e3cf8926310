import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { status } from "../../test/reconciled-world.ts";
import type { SessionProvider } from "../sessions/session-provider.ts";
import { FactsReader } from "./session-facts.ts";

const hour = 3_600_000;
let lastActivity: number;

/** A session that is asked about its last activity alone. */
const provider = {
  inspect: () => Promise.resolve({ notes: new Map<string, string>(), lastActivity, attached: false }),
  processAlive: () => Promise.resolve(true),
} as Partial<SessionProvider> as SessionProvider;

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
