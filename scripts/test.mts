import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import process, { argv, env, execPath, exit, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { ensureDebianPackages } from "../test/machine/debian-packages.ts";
import { fakeTime } from "../test/machine/fake-clock.ts";
import { type ClusterLease, leaseCluster } from "../test/cluster/cluster.ts";
import { type ReadCounts, type TestCounts, hostCounts, reconcile, vitestCounts } from "./test-counts.mts";

interface Suite {
  readonly name: string;
  readonly command: readonly [file: string, ...args: string[]];
  /** The file that the suite leaves its counts in, and how to read it. A suite without one is a single check. */
  readonly report?: { readonly file: string; readonly read: ReadCounts };
  readonly needsCluster?: boolean;
  /** Whether it runs only when it is named. */
  readonly onlyNamed?: boolean;
}

interface Outcome extends TestCounts {
  readonly name: string;
  readonly seconds: number;
}

const noCounts: TestCounts = { passed: 0, failed: 0, failures: [] };
/** In lines. */
const wordsOfFailure = 12;
/** More than when somebody waits for one suite (test/fuzz-runs.ts). */
const fuzzRuns = "5000";

const root = resolve(fileURLToPath(import.meta.url), "../..");

function vitestSuite(name: string, needsCluster: boolean, project = name): Suite {
  const file = join(root, `out/${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  return {
    name,
    command: ["vitest", "run", "--project", project, ...reporters],
    report: { file, read: vitestCounts },
    needsCluster,
  };
}

/** In the order in which they run: what fails fastest comes first. */
const suites: readonly Suite[] = [
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  vitestSuite("unit", false),
  vitestSuite("local", false),
  {
    name: "host",
    command: [execPath, "test/host/run.ts"],
    report: { file: join(root, "out/host/result.json"), read: hostCounts },
  },
  vitestSuite("cluster", true),
  vitestSuite("faults", true),
  // It needs the original program, which not every machine has.
  { ...vitestSuite("interop", true, "interop*"), onlyNamed: !env["GASCITY_GC"] },
  vitestSuite("soak", true),
  vitestSuite("ui", true),
];

/** The suite that runs now. */
let current: ChildProcess | undefined;

const code = await main(argv.slice(2));
// What is left, if anything, keeps no result back.
stdout.write("", () => exit(code));

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    console.error(`No such suite: ${unknown.join(", ")}. There are: ${suites.map(({ name }) => name).join(", ")}`);
    return 2;
  }
  let interrupted = false;
  // The suite that runs gets Ctrl-C from the terminal too, and ends; then the cluster goes down.
  process.on("SIGINT", () => (interrupted = true));
  process.on("SIGTERM", () => {
    interrupted = true;
    current?.kill();
  });
  await ensureDebianPackages([{ debianPackage: "tmux", provides: "tmux" }, fakeTime]);
  const chosen = suites.filter(({ name, onlyNamed }) => (names.length === 0 ? !onlyNamed : names.includes(name)));
  // Not before it is needed: building it for the first time fills every core, and tests with deadlines mind.
  let lease: ClusterLease | Error | undefined;
  const outcomes: Outcome[] = [];
  for (const suite of chosen) {
    if (interrupted) break;
    if (suite.needsCluster) lease ??= await settle(leaseCluster((step) => console.log(`cluster: ${step}`)));
    outcomes.push(await runSuite(suite, lease));
  }
  if (lease && !(lease instanceof Error)) await lease[Symbol.asyncDispose]();
  return summarize(outcomes, interrupted);
}

/** The value, or the error as a value, so that nobody has to be waiting when it fails. */
async function settle(lease: Promise<ClusterLease>): Promise<ClusterLease | Error> {
  return await lease.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

async function runSuite(suite: Suite, lease: ClusterLease | Error | undefined): Promise<Outcome> {
  console.log(`\n── ${suite.name} ──`);
  if (suite.needsCluster && lease instanceof Error) {
    console.error(lease.message);
    return { name: suite.name, seconds: 0, passed: 0, failed: 1, failures: [lease.message] };
  }
  const start = Date.now();
  const { report } = suite;
  if (report) await rm(report.file, { force: true });
  const [file, ...args] = suite.command;
  const environment = { GASCITY_FUZZ_RUNS: fuzzRuns, ...env };
  const child = spawn(file, args, { cwd: root, env: environment, stdio: ["ignore", "inherit", "inherit"] });
  current = child;
  const [code] = (await once(child, "exit")) as [number | null];
  const counts = await report?.read(report.file, env["CI"] !== undefined).catch(() => noCounts);
  return { name: suite.name, seconds: (Date.now() - start) / 1000, ...reconcile(counts, code ?? 1) };
}

function summarize(outcomes: readonly Outcome[], interrupted: boolean): number {
  // Once more where a person looks first, and a log that is cut short still has them.
  for (const { name, failures } of outcomes) {
    for (const failure of failures) console.log(`\n✗ ${name}: ${failure.split("\n", wordsOfFailure).join("\n    ")}`);
  }
  console.log();
  for (const { name, seconds, passed, failed } of outcomes) {
    const time = `${seconds.toFixed(1)} s`;
    console.log(
      `${failed === 0 ? "✓" : "✗"} ${name.padEnd(8)} ${time.padStart(8)}  ${passed} passed, ${failed} failed`,
    );
  }
  if (interrupted) {
    console.log("Interrupted.");
    return 130;
  }
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
