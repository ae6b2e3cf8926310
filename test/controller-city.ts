import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Makes folders of cities, for tests of who controls them; they go with the test file. */
export function controllerCities(): (name?: string) => string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "gascity-control-")));
  afterAll(() => rmSync(folder, { recursive: true }));
  let made = 0;
  return (name = "city") => {
    const root = join(folder, String((made += 1)), name);
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, "city.toml"), cityToml);
    return root;
  };
}

const cityToml = `[workspace]
name = "controlled"

[beads]
provider = "file"

[session]
provider = "fake"

[daemon]
patrol_interval = "1h"
shutdown_timeout = "1s"

[[agent]]
name = "worker"
start_command = "true"
`;
