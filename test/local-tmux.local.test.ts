import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { expect, it } from "vitest";
import { isAlive } from "./machine/is-alive.ts";

it("leaves neither a server nor a folder when its process is killed", async () => {
  const script = `
    import { LocalTmux } from ${JSON.stringify(join(import.meta.dirname, "local-tmux.ts"))};
    const tmux = new LocalTmux();
    tmux.startAgent();
    console.log(JSON.stringify([tmux.folder, Number(tmux.tmux("display-message", "-p", "#{pid}"))]));
    setInterval(() => {}, 1000);`;
  const owner = spawn(execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(owner.stdout, "data")) as [Buffer];
  const [folder, server] = JSON.parse(line.toString()) as [string, number];
  expect([existsSync(folder), await isAlive(server)]).toEqual([true, true]);
  owner.kill("SIGKILL");
  await expect.poll(() => existsSync(folder)).toBe(false);
  await expect.poll(() => isAlive(server)).toBe(false);
});
