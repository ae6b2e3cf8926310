import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const cityToml = `[workspace]
name = "host-suite"

[session]
provider = "tmux"

[[agent]]
name = "mayor"
start_command = "cat"
`;

/** Makes the folder that the suite's workbench opens: a city of one agent on tmux. */
export async function fillWorkspace(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "city.toml"), cityToml);
}
