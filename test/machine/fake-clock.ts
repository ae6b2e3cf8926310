import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { arch } from "node:process";
import { type MachineRequirement, ensureDebianPackages } from "./debian-packages.ts";

const machine = arch === "arm64" ? "aarch64" : "x86_64";
const library = `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`;

/** What a fake clock needs. */
export const fakeTime: MachineRequirement = { debianPackage: "libfaketime", provides: library };

/** The wall clock of processes, and of all that they start, which a test sets while they run. The clock that nobody sets goes on. */
export class FakeClock implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "gascity-clock-"));
  readonly #file = join(this.#folder, "time");

  private constructor() {
    this.set(0);
  }

  static async make(): Promise<FakeClock> {
    await ensureDebianPackages([fakeTime]);
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
  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
