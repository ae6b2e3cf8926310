import { env } from "node:process";
import { copySampleCity } from "../../scripts/sample-city.mts";
import { runCommand, tryCommand } from "../machine/run-command.ts";
import { liveOneDay } from "./city-life.ts";
import { scenario } from "./scenario.ts";

scenario("the sample city lives on local tmux", async ({ workspace }) => {
  await copySampleCity(workspace.folder);
  // tmux's socket has the city's name.
  const tmux = (...args: readonly string[]) =>
    [["-L", "sample", ...args], { env: { ...env, ...workspace.tmuxEnvironment } }] as const;
  await liveOneDay(
    workspace,
    {
      open: {},
      async sessions() {
        const listed = await tryCommand(
          "tmux",
          ...tmux("list-sessions", "-F", "#{session_name} #{session_created}#{session_id}"),
        );
        return new Map(
          listed.stdout
            .split("\n")
            .filter(Boolean)
            .map((line) => line.split(" ") as [string, string]),
        );
      },
      async kill(session) {
        await runCommand("tmux", ...tmux("kill-session", "-t", `=${session}`));
      },
    },
    "tmux",
  );
});
