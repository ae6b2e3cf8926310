import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { type HeadlessCity, headlessCity } from "../../test/headless-city.ts";
import type { ControllerProcess } from "../../test/controller-process.ts";
import { FakeClock } from "../../test/machine/fake-clock.ts";
import { FileBeadStore } from "../beads/file/file-bead-store.ts";
import { askController } from "../controller/control/ask-controller.ts";
import { silentLog } from "../lib/log.ts";

const patience = { timeout: 60_000, interval: 50 };

/** What somebody has to read. */
const complaints = ({ log }: ControllerProcess): readonly string[] =>
  log.filter((line) => / (?:warn|error) /u.test(line));

const beadsOf = ({ root }: HeadlessCity): string => join(root, ".gc", "beads.json");

/** At once: it is never seen half written. */
async function replace(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

async function openBeads<T>(city: HeadlessCity, use: (store: FileBeadStore) => Promise<T>): Promise<T> {
  const store = new FileBeadStore(beadsOf(city), silentLog);
  try {
    return await use(store);
  } finally {
    store.dispose();
  }
}

/** Has the controller look some times more. That it does nothing then can only be waited for. */
async function lookAgain({ root }: HeadlessCity): Promise<void> {
  for (let look = 0; look < 3; look += 1) {
    expect(await askController(root, "poke")).toBe("ok");
    await delay(300);
  }
}

describe.concurrent("a controller", { timeout: 90_000 }, () => {
  it("starts nothing and loses nothing while the beads cannot be read, says so once, and goes on", async ({
    onTestFinished,
  }) => {
    const city = await headlessCity(onTestFinished);
    const controller = city.run();
    const [killed = "", kept = ""] = await city.untilTwo();
    const work = await openBeads(city, (store) => store.create({ title: "work", type: "task" }));
    const good = await readFile(beadsOf(city), "utf8");
    await replace(beadsOf(city), good.slice(0, -20));
    const reason = await controller.said(/ error (The beads in .* are out of reach, .*)\. Correct it there or put/u);
    expect((await city.ask("status")).stdout).toContain(
      `${reason}. Correct it there or put an older copy in its place`,
    );
    city.killSession(killed);
    await lookAgain(city);
    expect(await city.sessions()).toEqual([kept]);
    await replace(beadsOf(city), good);
    await controller.said(/info What kept the city from working has passed$/u);
    expect(await city.untilTwo()).toContain(kept);
    expect(await openBeads(city, (store) => store.get(work.id))).toMatchObject({ title: "work", status: "open" });
    expect(complaints(controller)).toEqual([expect.stringContaining(reason)]);
  });

  it("starts nothing that it cannot write down, says so once, and goes on", async ({ onTestFinished }) => {
    const city = await headlessCity(onTestFinished);
    const controller = city.run();
    const [killed = "", kept = ""] = await city.untilTwo();
    // As on a full disk: the new text cannot be put beside the old one.
    const fresh = `${beadsOf(city)}.gascity`;
    await mkdir(fresh);
    city.killSession(killed);
    await controller.said(/ error The beads in .* it cannot be written .*\. See that its disk has room/u);
    await lookAgain(city);
    expect(await city.sessions()).toEqual([kept]);
    expect((await city.state()).problem).toMatchObject({ code: "beads-failed" });
    await rm(fresh, { recursive: true });
    expect(await city.untilTwo()).toContain(kept);
    await controller.said(/info What kept the city from working has passed$/u);
    expect(complaints(controller)).toEqual([expect.stringContaining("cannot be written")]);
  });

  it("keeps a pool's sessions whatever its scale_check does, says what is wrong once, and follows it again", async ({
    onTestFinished,
  }) => {
    const city = await headlessCity(onTestFinished);
    const check = join(city.root, "check.sh");
    const scaled = `[[agent]]
name = "b"
start_command = "cat"
scale_check = "sh ${check}"
max_active_sessions = 4
`;
    await replace(check, "echo 2");
    await city.write(scaled);
    const controller = city.run();
    const four = await vi.waitFor(async () => {
      const sessions = await city.sessions();
      expect(sessions).toHaveLength(4);
      return sessions;
    }, patience);
    for (const [command, words] of [
      ["echo many", 'it printed "many", which is no number'],
      ["yes", "it printed more than 64 KiB"],
      ["echo no database >&2; exit 3", "no database"],
    ] as const) {
      await replace(check, command);
      await lookAgain(city);
      const before = complaints(controller).length;
      await vi.waitFor(async () => {
        const told = (await city.state()).agents.filter(({ reason }) => reason.includes("scale_check"));
        expect(told).toMatchObject([
          {
            template: "b",
            reason: `its scale_check does not count: ${words}`,
            action: expect.stringContaining("Correct scale_check") as string,
          },
        ]);
      }, patience);
      await lookAgain(city);
      expect(complaints(controller).length - before).toBeLessThanOrEqual(1);
      expect(await city.sessions()).toEqual(four);
    }
    await replace(check, "echo 2");
    await lookAgain(city);
    await controller.said(/info scale_check of b counts again$/u);
    expect((await city.state()).agents.filter(({ reason }) => reason !== "")).toEqual([]);
    expect(await city.sessions()).toEqual(four);
    // One that hangs holds nobody.
    await replace(check, "sleep 1000");
    await lookAgain(city);
    city.killSession(four[0]);
    await vi.waitFor(async () => expect(await city.sessions()).toHaveLength(4), patience);
    expect(complaints(controller)).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining("scale_check of b")),
    );
  });

  it("leaves alone a record in a state that it does not know, makes it no double, and says so once", async ({
    onTestFinished,
  }) => {
    const city = await headlessCity(onTestFinished);
    await city.write(
      '[[agent]]\nname = "m"\nstart_command = "cat"\n[[named_session]]\ntemplate = "m"\nmode = "always"\n',
    );
    const controller = city.run();
    const three = await vi.waitFor(async () => {
      const sessions = await city.sessions();
      expect(sessions).toHaveLength(3);
      expect((await city.state()).agents.map(({ phase }) => phase)).toEqual(["running", "running", "running"]);
      return sessions;
    }, patience);
    const records = async (): Promise<readonly string[]> => {
      const beads = await openBeads(city, (store) => store.list({ type: "session" }));
      return beads.filter(({ status }) => status !== "closed").map(({ id }) => id);
    };
    const before = await records();
    const set = (state: string): Promise<unknown> =>
      openBeads(city, (store) =>
        store.apply(before.map((id) => ({ kind: "update", id, change: { metadata: { state } } }))),
      );
    await set("hibernating");
    await vi.waitFor(() => expect(complaints(controller)).toHaveLength(3), patience);
    city.killSession(three[0]);
    await lookAgain(city);
    expect(await city.sessions()).toEqual(three.slice(1));
    expect(await records()).toEqual(before);
    for (const row of (await city.state()).agents) {
      expect(row.reason).toMatch(/its record gc-\d+ is in the state "hibernating", which this version does not know/u);
      expect(row.action).toMatch(/gc session close gc-\d+$/u);
    }
    await set("active");
    await vi.waitFor(async () => expect(await city.sessions()).toHaveLength(3), patience);
    expect(await records()).toEqual(before);
    expect(complaints(controller)).toHaveLength(3);
  });

  it("ends and doubles nothing when the clock jumps by eight hours, as after a laptop's sleep, and back", async ({
    onTestFinished,
  }) => {
    const clock = await FakeClock.make();
    onTestFinished(() => clock[Symbol.dispose]());
    const city = await headlessCity(onTestFinished);
    await city.write('idle_timeout = "1h"\n');
    const controller = city.runIn(clock.env);
    const two = await city.untilTwo();
    controller.kill("SIGSTOP");
    clock.set(8);
    controller.kill("SIGCONT");
    await askController(city.root, "poke");
    await controller.said(/info The clock has jumped by 28[78]\d\d s: it was set, or the machine slept$/u);
    await lookAgain(city);
    clock.set(0);
    await askController(city.root, "poke");
    await controller.said(/info The clock has jumped by -28[78]\d\d s/u);
    await lookAgain(city);
    expect(await city.sessions()).toEqual(two);
    // What dies now has been started in a time to come.
    city.killSession(two[0]);
    expect(await city.untilTwo()).toContain(two[1]);
    expect(complaints(controller)).toEqual([]);
    expect([await city.events("session.idle_killed"), await city.events("session.stopped")]).toEqual([0, 0]);
  });

  it("lets an agent that was asked to finish have its time, also when the clock jumps past it", async ({
    onTestFinished,
  }) => {
    const clock = await FakeClock.make();
    onTestFinished(() => clock[Symbol.dispose]());
    const city = await headlessCity(onTestFinished);
    const controller = city.runIn(clock.env);
    const [busy = ""] = await city.untilTwo();
    const assignee = busy.split(" ")[0] ?? "";
    const work = await openBeads(city, (store) => store.create({ title: "work", type: "task", assignee }));
    // It has five minutes.
    await city.write("suspended = true\n");
    await vi.waitFor(async () => expect(await city.sessions()).toEqual([busy]), patience);
    clock.set(8);
    await askController(city.root, "poke");
    await controller.said(/info The clock has jumped by 28[78]\d\d s/u);
    await lookAgain(city);
    expect((await city.state()).agents.find(({ session }) => session === assignee)).toMatchObject({
      phase: "draining",
    });
    expect(await city.sessions()).toEqual([busy]);
    await openBeads(city, (store) => store.close(work.id));
    await vi.waitFor(async () => expect(await city.sessions()).toEqual([]), patience);
  });

  it("is one of two that are started together; the other one says who", async ({ onTestFinished }) => {
    const city = await headlessCity(onTestFinished);
    const both = [city.run(), city.run()];
    const code = await Promise.race(both.map(({ exit }) => exit));
    expect(code).toBe(3);
    const refused = both.find(({ log }) => complaints({ log } as ControllerProcess).length > 0);
    expect(refused?.log.at(-1)).toMatch(
      /error The city is controlled by another controller on this machine(?: \(process \d+\)|, which does not answer)\. Add --take-over/u,
    );
    expect(await city.untilTwo()).toHaveLength(2);
    await lookAgain(city);
    expect(await city.sessions()).toHaveLength(2);
    expect(await city.events("controller.started")).toBe(1);
  });

  it("goes on with the last good city while city.toml is broken, and status says what is wrong where", async ({
    onTestFinished,
  }) => {
    const city = await headlessCity(onTestFinished);
    const controller = city.run();
    const two = await city.untilTwo();
    await city.write("[[agent]\n");
    await controller.said(/error city\.toml:12:\d+: error: This is not valid TOML/u);
    // Told again, it is no news.
    expect(await askController(city.root, "reload")).toBe("ok");
    await lookAgain(city);
    expect((await city.ask("status")).stdout).toMatch(
      /^t: running, controlled by process \d+\ncity\.toml has errors; the last good city stays in force:\ncity\.toml:12:\d+: error: .*\na-1 +running .*\na-2 +running .*\n$/u,
    );
    expect(await city.sessions()).toEqual(two);
    expect(complaints(controller)).toHaveLength(2);
    await city.write();
    await vi.waitFor(async () => expect((await city.state()).diagnostics).toEqual([]), patience);
  });
});
