import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ExampleOnCluster } from "../../../test/cluster/example-on-cluster.ts";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { commitAll } from "../../../test/commit-all.ts";
import { kubernetesSettings } from "../../city/kubernetes-settings.ts";
import type { PodOptions } from "../../city/pod-options.ts";
import { openConnection } from "../../kubernetes/connection.ts";
import { execCommand } from "../../kubernetes/exec-command.ts";
import { silentLog } from "../../lib/log.ts";
import type { SessionProvider } from "../session-provider.ts";
import { openKubernetesSessions } from "./kubernetes-session-provider.ts";

let namespace: TestNamespace;
let provider: SessionProvider;
let folder: string;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  const place = { namespace: namespace.name, image: namespace.image, cpu_request: "10m", mem_request: "16Mi" };
  provider = openKubernetesSessions({ settings: kubernetesSettings(place, {}), log: silentLog });
  folder = mkdtempSync(join(tmpdir(), "gascity-worktree-"));
  makeCity();
});
afterAll(async () => {
  provider.dispose();
  rmSync(folder, { recursive: true });
  await namespace[Symbol.asyncDispose]();
});

/** A city, and a rig outside with a commit, a change that is in none, and an ignored file. */
function makeCity(): void {
  for (const name of ["city", "app", "overlay"]) mkdirSync(join(folder, name));
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  write("city/city.toml", "");
  write("overlay/AGENTS.md", "from the overlay");
  write("app/.gitignore", "build");
  write("app/code", "committed");
  commitAll(join(folder, "app"));
  write("app/code", "changed");
  write("app/build", "large");
}

function start(name: string, pod: PodOptions): Promise<void> {
  const [city, app] = [join(folder, "city"), join(folder, "app")];
  const env = { GC_CITY: city, GC_RIG_ROOT: app, GC_DIR: app };
  const rest = { processNames: [], nudge: "", preStart: [`cd ${app} && pwd >where`], copyFiles: [] };
  const config = { workDir: app, command: "sh", env, overlayDir: join(folder, "overlay"), pod, ...rest };
  return provider.start(name, config, AbortSignal.timeout(45_000));
}

/** What a command prints in a session's working directory. */
async function inPod(pod: string, command: string): Promise<string> {
  const connection = openConnection();
  try {
    const target = { namespace: namespace.name, pod, container: "agent" };
    const argv = ["sh", "-c", `cd "$GC_DIR" && { ${command}; } 2>&1`];
    return (await execCommand(connection, target, argv)).stdout.trimEnd();
  } finally {
    connection.dispose();
  }
}

it("gives each session a worktree of the rig, on a branch of its own", async () => {
  await Promise.all(["Demo/a", "Demo/b"].map((name) => start(name, { worktree: true })));
  for (const pod of ["demo-a", "demo-b"]) {
    expect(await inPod(pod, "pwd; git branch --show-current; cat code AGENTS.md where")).toBe(
      ["/workspace/.worktrees/app", `gc/${pod}`, "committedfrom the overlay/workspace/.worktrees/app"].join("\n"),
    );
    expect(await inPod(pod, 'cd "$GC_RIG_ROOT"; pwd; cat code; ls -A; git branch --list main')).toBe(
      ["/workspace/.rigs/app", "changed.git", ".gitignore", "code", "* main"].join("\n"),
    );
    expect(await inPod(pod, "ls -A /workspace")).not.toContain("code");
  }
  await Promise.all(["Demo/a", "Demo/b"].map((name) => provider.stop(name, AbortSignal.timeout(20_000))));
});

it("lets two coders of the example commit side by side, and go on where they were in their next pods", async () => {
  using city = new ExampleOnCluster(namespace, "worktree-per-agent");
  commitAll(join(city.files.root, "app"));
  // Root, as not every kind of volume heeds the group that a pod asks for.
  const pod = { security: "baseline", runAsUser: 0 } as const;
  const coders = ["app--coder-1", "app--coder-2"];
  const inWorktree = (coder: string, command: string): Promise<string> =>
    city.inPod(coder, `cd /workspace/.worktrees/app && { ${command}; }`);
  await Promise.all(
    coders.map(async (coder) => {
      await city.start(coder, pod);
      await city.nudge(coder, `written by ${coder}`);
      await vi.waitFor(async () => expect(await city.screen(coder)).toMatch(/^[0-9a-f]{7,} written by/mu), 10_000);
      expect(await inWorktree(coder, "git log --format='%an: %s' --all; cat NOTES.md")).toBe(
        [`${coder.replace("--", "/")}: written by ${coder}`, "a: first", `written by ${coder}`].join("\n"),
      );
      await inWorktree(coder, "git switch -qc mine; echo draft >draft; sync");
      await city.stop(coder);

      await city.start(coder, pod);
      expect(await inWorktree(coder, "git branch --show-current; cat draft NOTES.md; git branch --list 'gc/*'")).toBe(
        ["mine", "draft", `written by ${coder}`, `  gc/${coder}`].join("\n"),
      );
      await city.stop(coder);
    }),
  );
});
