import { pid } from "node:process";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CityControl } from "../../src/controller/control/city-control.ts";
import { askController, pingController } from "../../src/controller/control/ask-controller.ts";
import { controllerSocketPath } from "../../src/controller/control/controller-files.ts";
import { silentLog } from "../../src/lib/log.ts";
import { controllerCities } from "../controller-city.ts";
import { gc, gcNeeded, runGc } from "./gc.ts";
import { startGc } from "./gc-controller.ts";

if (gc === undefined) {
  it.runIf(process.env["CI"])("gc is here", () => expect.fail(gcNeeded));
  console.log(gcNeeded);
}

const newCity = controllerCities();
let own: AsyncDisposableStack;
beforeEach(() => void (own = new AsyncDisposableStack()));
afterEach(() => own.disposeAsync());

function open(root: string, perform: (verb: string) => void = () => {}): CityControl {
  return own.use(new CityControl({ root, kind: "editor", perform, log: silentLog }));
}

describe.skipIf(gc === undefined)("while we control a city", () => {
  it("gc does not start a controller, and says that we are one", async () => {
    const root = newCity();
    await open(root).acquire();
    const started = await runGc(root, ["start", "--foreground"]);
    expect([started.code, started.stderr]).toEqual([1, expect.stringContaining("controller already running")]);
    expect((await runGc(root, ["status"])).stdout).toContain(`Controller: standalone (PID ${pid})`);
  });

  it("gc stop asks us to stop, and is content when we let go", async () => {
    const root = newCity();
    const heard: string[] = [];
    const control = open(root, (verb) => {
      heard.push(verb);
      if (verb === "stop") void control.release();
    });
    await control.acquire();
    const stopped = await runGc(root, ["stop"]);
    expect([stopped.code, stopped.stdout]).toEqual([0, expect.stringContaining("City stopped.")]);
    expect(heard).toEqual(["stop"]);
    expect(control.state).toEqual({ kind: "free" });
  });

  it("gc's commands wake us", async () => {
    const root = newCity();
    const heard: string[] = [];
    await open(root, (verb) => heard.push(verb)).acquire();
    const made = await runGc(root, ["session", "new", "worker", "--no-attach"]);
    expect(made.stdout).toContain("reconciler will start it");
    expect(heard[0]).toBe("poke");
  });

  it("it finds our socket also where the city's path is too long", async () => {
    const root = newCity("c".repeat(100));
    await open(root).acquire();
    expect((await runGc(root, ["status"])).stdout).toContain(`(PID ${pid})`);
  });
});

describe.skipIf(gc === undefined)("while gc controls a city", () => {
  it("we see that it does, cannot have it, and hear when it has stopped", async () => {
    const root = newCity();
    const { pid: theirs } = await startGc(root, own);
    const control = open(root);
    expect(await control.look()).toMatchObject({ kind: "elsewhere", where: "this machine", pid: theirs });
    expect(await control.acquire()).toMatchObject({ kind: "elsewhere", pid: theirs });
    await expect(control.takeOver()).rejects.toMatchObject({ problem: { code: "controlled-elsewhere" } });
    expect(await pingController(root)).toBe(theirs);
    expect((await runGc(root, ["stop"])).stdout).toContain("City stopped.");
    await vi.waitFor(() => expect(control.state).toEqual({ kind: "free" }));
    expect(await control.acquire()).toEqual({ kind: "controlling" });
  });

  it("we take the city when it was killed, past the socket that it has left", async () => {
    const root = newCity();
    const { pid: theirs } = await startGc(root, own);
    const control = open(root);
    await control.acquire();
    process.kill(theirs, "SIGKILL");
    await vi.waitFor(() => expect(control.state).toEqual({ kind: "free" }));
    expect(await control.acquire()).toEqual({ kind: "controlling" });
    expect(await pingController(root)).toBe(pid);
  });

  it("we find its socket also where the city's path is too long", async () => {
    const root = newCity("g".repeat(100));
    await startGc(root, own);
    expect(controllerSocketPath(root)).toMatch(/^\/tmp\/gascity-controller\//u);
  });

  it.each(["ping", "poke", "reload", "control-dispatcher", "nonsense", "", " ping", "converge:{}"])(
    "to %j we answer as it does",
    async (line) => {
      const root = newCity();
      const { pid: theirs } = await startGc(root, own);
      const said = (await askController(root, line))?.replace(String(theirs), "PID");
      process.kill(theirs, "SIGKILL");
      const control = open(root);
      await vi.waitFor(async () => expect(await control.acquire()).toEqual({ kind: "controlling" }));
      const ours = (await askController(root, line))?.replace(String(pid), "PID");
      if (line === "converge:{}")
        expect([said, ours]).toEqual([expect.stringContaining('{"error":'), expect.stringContaining('{"error":')]);
      else expect(ours).toBe(said);
    },
  );
});
