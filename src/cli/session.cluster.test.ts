import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runInPod } from "../../test/cluster/in-pod.ts";
import { type TestNamespace, createNamespace } from "../../test/cluster/namespace.ts";
import { runGascity } from "../../test/run-gascity.ts";

const there = "a/B";
const missing = "a/C";
const done = { code: 0, stdout: "", stderr: "" };
const unknown = { ...done, code: 2 };
const prints = (stdout: unknown) => ({ ...done, stdout });

/** Says what it hears, and when it is interrupted. */
const agent = `sh -c 'trap "echo interrupted" INT; echo ready; while :; do read -r line && echo "heard $line"; done'`;
const message = JSON.stringify({
  work_dir: "",
  command: agent,
  env: { GC_ALIAS: "b" },
  process_names: null,
  pre_start: ["echo prepared >/workspace/prepared"],
  session_setup: ["echo set up >/workspace/set-up"],
  nudge: "first words",
  copy_files: [{ src: import.meta.filename, rel_dst: "lib/copied.ts" }],
});

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  expect(await call(["start", there], message)).toEqual(done);
});
afterAll(async () => namespace[Symbol.asyncDispose]());

function call(args: readonly string[], input = "") {
  const place = { GC_SESSION: "k8s", GC_K8S_NAMESPACE: namespace.name, GC_K8S_IMAGE: namespace.image };
  const env = { ...place, GC_K8S_CPU_REQUEST: "10m", GC_K8S_MEM_REQUEST: "16Mi" };
  return runGascity(["session", ...args], { env, input });
}

const inPod = (command: string) => runInPod(namespace, "a-b", command);

interface Operation {
  readonly name: string;
  /** What stands after the session's name. */
  readonly args?: readonly string[];
  readonly input?: string;
  /** What it gives on a session that runs, and on one that is not there, as with gc's own (k8s-wire §3). */
  readonly gives: object;
  readonly givesMissing: object;
}

const operations: Readonly<Record<string, Operation>> = {
  "runs it": { name: "is-running", gives: prints("true\n"), givesMissing: prints("false\n") },
  "is nobody attached": { name: "is-attached", gives: prints("false\n"), givesMissing: prints("false\n") },
  "is it alive when no program is named": {
    name: "process-alive",
    gives: prints("true\n"),
    givesMissing: prints("true\n"),
  },
  "is one of its programs alive": {
    name: "process-alive",
    input: "none\nsh -c\n",
    gives: prints("true\n"),
    givesMissing: prints("false\n"),
  },
  "is a program alive that it does not run": {
    name: "process-alive",
    input: "none\n",
    gives: prints("false\n"),
    givesMissing: prints("false\n"),
  },
  "a note is made": { name: "set-meta", args: ["NOTE"], input: "-x; 'größe'\n", gives: done, givesMissing: done },
  "a note is read": { name: "get-meta", args: ["NOTE"], gives: prints("-x; 'größe'"), givesMissing: done },
  "a note is taken away": { name: "remove-meta", args: ["NOTE"], gives: done, givesMissing: done },
  "a note that is not there is read": { name: "get-meta", args: ["NOTE"], gives: done, givesMissing: done },
  "it is nudged": { name: "nudge", input: "-l Enter;", gives: done, givesMissing: done },
  "it is nudged with nothing": { name: "nudge", gives: done, givesMissing: done },
  "keys are pressed": { name: "send-keys", args: ["typed", "Enter"], gives: done, givesMissing: done },
  "it is interrupted": { name: "interrupt", gives: done, givesMissing: done },
  "its scrollback is cleared": { name: "clear-scrollback", gives: done, givesMissing: done },
  "a file is copied": { name: "copy-to", args: [import.meta.filename, "late.ts"], gives: done, givesMissing: done },
  "what is not there is copied": { name: "copy-to", args: ["/there/is/none", "none"], gives: done, givesMissing: done },
  "when was it active": {
    name: "get-last-activity",
    gives: prints(expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/u)),
    givesMissing: done,
  },
  "which sessions run that begin so": { name: "list-running", gives: prints(`${there}\n`), givesMissing: done },
  "an operation that gc's script has not either": { name: "run-live", gives: unknown, givesMissing: unknown },
};

describe("gascity session in pods", () => {
  it("brings a session up as its start message says", async () => {
    expect(await inPod("cat prepared set-up; grep -c . lib/copied.ts")).toMatch(/^prepared\nset up\n\d+\n$/u);
    await vi.waitFor(async () => {
      expect((await call(["peek", there, "0"])).stdout).toMatch(/^ready\n(?:first words\n)?heard first words\n/u);
    }, 10_000);
  });

  it.each(Object.entries(operations))("%s", async (_, { name, args = [], input, gives, givesMissing }) => {
    expect(await call([name, there, ...args], input)).toEqual(gives);
    expect(await call([name, missing, ...args], input)).toEqual(givesMissing);
  });

  it("has typed, interrupted and copied what it was told", async () => {
    await vi.waitFor(async () => {
      const { stdout } = await call(["peek", there]);
      for (const words of ["heard -l Enter;", "heard typed", "interrupted"]) expect(stdout).toContain(words);
    }, 10_000);
    expect(await inPod("ls late.ts none 2>/dev/null; true")).toBe("late.ts\n");
  });

  it("shows nothing of a session that is not there, and attaches to none", async () => {
    expect(await call(["peek", missing, "10"])).toEqual(done);
    const stderr = expect.stringContaining(`The session ${missing} does not run`) as string;
    expect(await call(["attach", missing])).toEqual({ code: 1, stdout: "", stderr });
  });

  it("says that a session already exists in the words that gc looks for", async () => {
    const stderr = expect.stringMatching(/session "a\/B" already exists/u) as string;
    expect(await call(["start", there], message)).toEqual({ code: 1, stdout: "", stderr });
  });

  it("stops a session, and one that is not there", async () => {
    expect(await call(["stop", there])).toEqual(done);
    expect(await call(["stop", there])).toEqual(done);
    expect(await call(["list-running"])).toEqual(done);
  });
});
