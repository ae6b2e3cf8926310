import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runGascity } from "../../test/run-gascity.ts";

it("fetches what is missing, and says what keeps it from that", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gascity-pack-"));
  const pack = (...args: readonly string[]) =>
    runGascity(["pack", ...args], { env: { PATH: process.env["PATH"], HOME: folder } });
  try {
    await writeFile(join(folder, "city.toml"), '[workspace]\nname = "x"\n');
    expect(await pack("fetch", folder)).toMatchObject({ code: 0, stdout: "No pack is missing\n" });
    await writeFile(join(folder, "city.toml"), `[workspace]\nincludes = ["file://${folder}/none"]\n`);
    expect(await pack("fetch", folder)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^Fetching file:.*none to .*includes/u) as string,
      stderr: expect.stringMatching(/none cannot be fetched: /u) as string,
    });
    expect(await pack("list")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/See gascity pack --help/u) as string,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
