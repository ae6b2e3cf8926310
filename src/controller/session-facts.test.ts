import { expect, it } from "vitest";
import { status } from "../../test/reconciled-world.ts";
import { FactsReader } from "./session-facts.ts";

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
