import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ControllerProcess } from "../../test/controller-process.ts";
import { headlessCity } from "../../test/headless-city.ts";
import { parseOpenMetrics } from "../../test/open-metrics.ts";
import { runGascity } from "../../test/run-gascity.ts";
import { takeControllerLock } from "../controller/control/controller-lock.ts";

const patience = { timeout: 20_000, interval: 50 };

describe("gascity controller", () => {
  it("keeps a city running, leaves it at SIGTERM, adopts it again, and stops it when it is told to", async () => {
    const city = await headlessCity();
    const first = city.run("--listen", "127.0.0.1:0");
    const port = await first.said(/info .*\/metrics are on 127\.0\.0\.1, port (\d+)$/u);
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    await vi.waitFor(async () => expect((await get("/readyz")).status).toBe(200), patience);
    expect((await get("/healthz")).status).toBe(200);
    const [killed = "", kept] = await city.untilTwo();

    city.killSession(killed);
    const running = await vi.waitFor(async () => {
      const sessions = await city.sessions();
      expect(sessions).toHaveLength(2);
      expect(sessions).not.toContain(killed);
      return sessions;
    }, patience);
    expect(running).toContain(kept);
    const counted = async (name: string): Promise<number> =>
      parseOpenMetrics(await (await get("/metrics")).text())
        .filter((sample) => sample.name === name)
        .reduce((sum, { value }) => sum + value, 0);
    await vi.waitFor(async () => expect(await counted("gascity_actions_total")).toBe(3), patience);
    expect(await counted("gascity_replacement_seconds_count")).toBe(1);
    expect(await counted("gascity_control")).toBe(1);
    expect(await city.ask("poke")).toMatchObject({ code: 0, stdout: "The controller looks again.\n" });

    first.kill("SIGTERM");
    expect(await first.exit).toBe(0);
    expect(await city.sessions()).toEqual(running);
    const lock = await takeControllerLock(city.root);
    expect(lock.kind).toBe("ours");
    if (lock.kind === "ours") await lock.lock[Symbol.asyncDispose]();
    expect(await city.ask("status")).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^t: stopped, no controller on this machine\na-1  running .*\na-2  running .*\n$/u,
      ) as string,
    });

    const second = city.run();
    await second.said(/The city is controlled from here$/u);
    expect(await city.untilTwo()).toEqual(running);
    expect(await city.events("session.stopped")).toBe(0);
    expect(await city.ask("stop")).toEqual({ code: 0, stdout: "The city has stopped.\n", stderr: "" });
    expect(await second.exit).toBe(0);
    expect(await city.sessions()).toEqual([]);
  }, 90_000);

  it("goes on with its city after kill -9, and while city.toml is broken", async () => {
    const city = await headlessCity();
    const first = city.run();
    const running = await city.untilTwo();
    first.kill("SIGKILL");
    await first.exit;
    const second = city.run();
    await second.said(/The city is controlled from here$/u);
    expect(await city.untilTwo()).toEqual(running);

    await city.write("[[agent]\n");
    await second.said(/error city\.toml:12:\d+: error: This is not valid TOML/u);
    city.killSession(running[0]);
    await vi.waitFor(async () => expect(await city.sessions()).toHaveLength(2), patience);
    expect(await city.events("session.stopped")).toBe(0);
    second.kill("SIGINT");
    expect(await second.exit).toBe(0);
  }, 90_000);

  it("says who else controls the city, waits for its end, or takes it over; the other one then waits", async () => {
    const city = await headlessCity();
    const first = city.run();
    const running = await city.untilTwo();
    const refused = city.run();
    expect(await refused.exit).toBe(3);
    expect(refused.log.at(-1)).toMatch(
      /error The city is controlled by another controller on this machine \(process \d+\)\. Add --take-over/u,
    );

    const waiting = city.run("--wait");
    await waiting.said(/this process waits for its end$/u);
    first.kill("SIGTERM");
    expect(await first.exit).toBe(0);
    await waiting.said(/The city is controlled from here$/u);

    const taker = city.run("--take-over");
    await taker.said(/The city is controlled from here$/u);
    await waiting.said(/error Another window or program on this machine has taken the city over/u);
    expect(await city.sessions()).toEqual(running);
    await city.untilTwo();
    expect(await city.ask("stop")).toMatchObject({ code: 0 });
    expect(await taker.exit).toBe(0);
    // It may still have waited for its turn.
    expect(await waiting.exit).toBe(0);
    expect(await city.sessions()).toEqual([]);
  }, 90_000);

  it("ends with 1 and each diagnostic in a line when the city does not load", async () => {
    const city = await headlessCity();
    await city.write("[[agent]\n");
    const controller = city.run();
    expect(await controller.exit).toBe(1);
    expect(controller.log).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z warn city\.toml has errors$/u),
      expect.stringMatching(/ error city\.toml:12:\d+: error: This is not valid TOML/u),
      expect.stringMatching(/ error The city in .* does not load\. Correct what is listed above$/u),
    ]);
  });

  it("ends with 1 when the cluster does not answer", async () => {
    const city = await headlessCity();
    await writeFile(
      join(city.root, "city.toml"),
      '[workspace]\nname = "t"\n[session]\nprovider = "k8s"\n[session.k8s]\nimage = "i"\n',
    );
    const kubeconfig = join(city.root, "kubeconfig");
    const name = "c";
    const cluster = { server: "https://127.0.0.1:9" };
    const contexts = [{ name, context: { cluster: name, user: name } }];
    const config = { "current-context": name, contexts, clusters: [{ name, cluster }], users: [{ name, user: {} }] };
    await writeFile(kubeconfig, JSON.stringify(config));
    const controller = new ControllerProcess(city.root, { ...city.env, KUBECONFIG: kubeconfig });
    onTestFinished(() => controller[Symbol.dispose]());
    expect(await controller.exit).toBe(1);
    expect(controller.log.at(-1)).toMatch(/ error .*127\.0\.0\.1:9/u);
  });

  it("talks to nobody when nobody controls the city", async () => {
    const city = await headlessCity();
    for (const verb of ["poke", "reload", "stop"]) {
      expect(await runGascity(["controller", verb, city.root])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^No controller of the city in .* runs on this machine\. Start one/u) as string,
      });
    }
    await rm(join(city.root, "city.toml"));
    expect((await runGascity(["controller", "status", city.root])).stderr).toMatch(/^There is no city\.toml in/u);
  });
});

it.each([
  [[], /needs one of run, status/u],
  [["fly"], /needs one of run, status/u],
  [["run", "a", "b"], /at most one city/u],
  [["poke", "--json"], /gascity controller poke takes no --json/u],
  [["status", "--wait"], /gascity controller status takes no --wait/u],
  [["run", "--wait", "--take-over"], /exclude each other/u],
  [["run", "--listen", "0.0.0.0:1"], /open to other machines/u],
  [["run", "--speed", "9"], /Unknown option '--speed'/u],
])("refuses %j", async (args, reason) => {
  expect(await runGascity(["controller", ...args])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(reason) as string,
  });
});

it("prints its usage with its exit codes", async () => {
  expect(await runGascity(["controller", "--help"])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage: gascity controller run [^]*\n3 another controls it/u) as string,
  });
});
