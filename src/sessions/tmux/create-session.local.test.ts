import { describe, expect } from "vitest";
import { tmuxTest } from "../../../test/tmux-test.ts";
import { createSession } from "./create-session.ts";
import { TmuxServer } from "./tmux-server.ts";

const it = tmuxTest.extend<{ server: TmuxServer }>({
  server: async ({ tmux }, use) => use(new TmuxServer("default", tmux.env)),
});

describe.concurrent("createSession", () => {
  it("succeeds while the server that it finds is about to end", async ({ tmux, server }) => {
    const config = { workDir: tmux.folder, command: "cat", env: {} };
    for (let round = 0; round < 20; round += 1) {
      await createSession(server, "old", config);
      await Promise.all([server.tryRun(["kill-session", "-t", "=old"]), createSession(server, "a", config)]);
      expect(await server.run(["list-sessions", "-F", "#{session_name}"])).toEqual(["a"]);
      await server.tryRun(["kill-session", "-t", "=a"]);
    }
  });

  it("lets one of several win that create the same session", async ({ tmux, server }) => {
    const config = { workDir: tmux.folder, command: "cat", env: {} };
    const all = await Promise.allSettled([1, 2, 3, 4].map(() => createSession(server, "a", config)));
    const failed = all.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    expect(failed).toHaveLength(3);
    for (const reason of failed) expect(reason).toMatchObject({ problem: { code: "session-exists" } });
  });
});
