import { expect, onTestFinished, vi } from "vitest";
import { eventFileTest } from "../../test/event-file-test.ts";
import { active, noon, recordOf } from "../../test/reconciled-world.ts";
import type { EventLog } from "../events/event-log.ts";
import { silentLog } from "../lib/log.ts";
import { ToldEnds } from "./told-ends.ts";

const boss = recordOf("gc-1", { template: "boss", alias: "the-boss", session: "boss" }, active(noon));
const stopped = { type: "session.stopped", time: noon + 1000, actor: "human", subject: "gc-1" } as const;

async function begun(events: EventLog, changed = (): void => {}): Promise<ToldEnds> {
  const told = new ToldEnds(events, silentLog, changed);
  onTestFinished(() => told.dispose());
  await told.begin();
  return told;
}

for (const subject of ["gc-1", "boss", "the-boss"]) {
  eventFileTest(`knows of an end that was told before, of ${subject}`, async ({ file }) => {
    await file.open().record({ ...stopped, subject });
    expect((await begun(file.open())).of([boss])).toEqual(new Map([["gc-1", 1]]));
  });
}

eventFileTest("hears of one that is told by another process, and remembers whom it meant", async ({ file }) => {
  const changed = vi.fn();
  const told = await begun(file.open(10), changed);
  await file.open().record(stopped);
  await vi.waitFor(() => expect(changed).toHaveBeenCalled());
  told.of([boss]);
  expect(told.of([{ ...boss, generation: 2 }])).toEqual(new Map([["gc-1", 1]]));
});

eventFileTest("knows of the end of one that a command of gc has started", async ({ file }) => {
  await file.open().record(stopped);
  expect((await begun(file.open())).of([{ ...boss, lastWokeAt: undefined }])).toEqual(new Map([["gc-1", 1]]));
});

eventFileTest.for([
  ["a controller's own", { actor: "gc" }],
  ["one of an earlier incarnation", { time: noon - 1000 }],
  ["one of another session", { subject: "gc-2" }],
  ["another event", { type: "session.woke" }],
] as const)("takes no notice of %s", async ([, change], { file }) => {
  await file.open().record({ ...stopped, ...change });
  expect((await begun(file.open())).of([boss])).toEqual(new Map());
});
