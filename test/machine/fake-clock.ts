import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDebianPackages } from "./debian-packages.ts";

const library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

/** The wall clock of processes, and of all that they start, which a test sets while they run. The clock that nobody sets goes on. */
export class FakeClock {
  readonly #file = join(mkdtempSync(join(tmpdir(), "gascity-clock-")), "time");

  private constructor() {
    this.set(0);
  }

  static async make(): Promise<FakeClock> {
    await ensureDebianPackages([{ debianPackage: "libfaketime", provides: library }]);
    return new FakeClock();
  }

  /** What a process needs in its environment. */
  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** So many hours ahead of the true time. */
  set(hours: number): void {
    writeFileSync(`${this.#file}.new`, `${hours < 0 ? "" : "+"}${hours * 3600}s\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
