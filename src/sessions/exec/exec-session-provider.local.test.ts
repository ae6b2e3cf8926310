import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { providerContract } from "../../../test/provider-contract.ts";
import { tmuxTest } from "../../../test/tmux-test.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { silentLog } from "../../lib/log.ts";
import type { SessionProvider, SessionSnapshot } from "../session-provider.ts";
import { openExecSessions } from "./exec-session-provider.ts";

const provided = join(import.meta.dirname, "../../../test/fixtures/session-script/tmux-sessions.sh");

interface Fixtures {
  /** Opens the provider of a script with this text. */
  readonly open: (script: string) => SessionProvider;
  readonly provider: SessionProvider;
}

const it = tmuxTest.extend<Fixtures>({
  open: async ({ tmux }, use) => {
    const opened: SessionProvider[] = [];
    await use((script) => {
      const path = join(tmux.folder, `script-${opened.length}`);
      writeFileSync(path, `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o755);
      const provider = openExecSessions({ script: path, log: silentLog });
      opened.push(provider);
      return provider;
    });
    for (const provider of opened) provider.dispose();
  },
  provider: async ({ tmux, open }, use) => {
    await use(open(`export TMUX_TMPDIR='${tmux.folder}'; unset TMUX; exec '${provided}' "$@"`));
  },
});

const soon = (): AbortSignal => AbortSignal.timeout(20_000);
const none = { env: {}, processNames: [], nudge: "", preStart: [], overlayDir: "", copyFiles: [] };
const config = (workDir: string, command: string): SessionConfig => ({ workDir, command, ...none });

describe.concurrent("sessions of a script, as of every provider", () => {
  // The protocol runs no live commands.
  const { "runs the live commands again without a restart": _, ...contract } = providerContract;
  it.for(Object.entries(contract))("%s", async ([, holds], { provider, tmux }) => {
    const start = (name: string, command: string) => provider.start(name, config(tmux.folder, command), soon());
    await holds({ provider, start });
  });
});

describe.concurrent("a session provider script", () => {
  it("is told all that a start takes, with the first prompt in the command", async ({ open, tmux }) => {
    const provider = open(`cat > '${tmux.folder}/message'; printf '%s ' "$@" > '${tmux.folder}/arguments'`);
    const change = { readyDelay: 5, sessionLive: ["live"], promptSuffix: "'do it'", packOverlayDirs: ["/pack"] };
    const copyFiles = [{ src: "/a", relDst: "b" }];
    await provider.start("a-1", { ...config("/work", "agent"), ...change, copyFiles, nudge: "go" }, soon());
    expect(readFileSync(join(tmux.folder, "arguments"), "utf8")).toBe("start a-1 ");
    expect(JSON.parse(readFileSync(join(tmux.folder, "message"), "utf8"))).toMatchObject({
      work_dir: "/work",
      command: "agent 'do it'",
      nudge: "go",
      ready_delay_ms: 5,
      session_live: ["live"],
      pack_overlay_dirs: ["/pack"],
      copy_files: [{ src: "/a", rel_dst: "b" }],
    });
  });

  it("is watched: what starts and what is gone is told, with an id of its own each time", async ({
    provider,
    tmux,
  }) => {
    let last: SessionSnapshot | undefined;
    provider.watch((snapshot) => (last = snapshot));
    await vi.waitFor(() => expect(last).toMatchObject({ synced: true, problem: undefined }), 10_000);
    await provider.start("seen", config(tmux.folder, "cat"), soon());
    await vi.waitFor(() => expect(last?.sessions.get("seen")?.state).toBe("running"), 10_000);
    const first = last?.sessions.get("seen");
    await provider.stop("seen", soon());
    await vi.waitFor(() => expect(last?.sessions.size).toBe(0), 10_000);
    await provider.start("seen", config(tmux.folder, "cat"), soon());
    await vi.waitFor(() => expect(last?.sessions.get("seen")).toBeDefined(), 10_000);
    expect(last?.sessions.get("seen")?.id).not.toBe(first?.id);
  });

  it("may not know an operation", async ({ open }) => {
    const provider = open('[ "$1" = is-running ] && echo true || exit 2');
    expect(await provider.isAttached("a")).toBe(false);
    expect(await provider.getMeta("a", "KEY")).toBe("");
    expect(await provider.lastActivity("a")).toBe(0);
    expect(await provider.list()).toEqual([]);
    await provider.interrupt("a");
  });

  it.for([
    ["says that it runs", "echo 'Pod Already Exists' >&2; exit 1", "session-exists", /already exists/u],
    ["says what went wrong", "echo 'no such image' >&2; exit 1", "session-failed", /no such image/u],
    ["says nothing", "exit 7", "session-failed", /exit code 7/u],
  ] as const)("%s in its own way", async ([, script, code, reason], { open }) => {
    const problem = { code, reason: expect.stringMatching(reason) as string };
    await expect(open(script).start("a", config("", ""), soon())).rejects.toMatchObject({ problem });
  });

  it("tells why a start failed, also when stopping what is left of it fails too", async ({ open }) => {
    const provider = open('echo "no room to $1" >&2; exit 1');
    await expect(provider.start("a", config("", ""), soon())).rejects.toThrow(/start a failed: no room to start/u);
  });

  it("has to exist", async () => {
    const provider = openExecSessions({ script: "/no/such/script", log: silentLog });
    let last: SessionSnapshot | undefined;
    provider.watch((snapshot) => (last = snapshot));
    await vi.waitFor(() => expect(last?.problem?.reason).toMatch(/no\/such\/script cannot be run: there is no such/u));
    expect(last?.synced).toBe(false);
    provider.dispose();
  });
});
