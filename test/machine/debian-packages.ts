import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { env, getuid } from "node:process";
import { runCommand, tryCommand } from "./run-command.ts";

/** Something this machine must have, and the Debian package that brings it. */
export interface MachineRequirement {
  /** The package's name, for instance `tmux`. */
  readonly debianPackage: string;
  /** A program on the path, or the absolute path of a file, that is there when the package is. */
  readonly provides: string;
}

/** True when `provides` (a program's name or an absolute path) is on this machine. */
export function isPresent(provides: string): boolean {
  if (isAbsolute(provides)) return existsSync(provides);
  return (env["PATH"] ?? "").split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, provides)));
}

/**
 * Makes sure that this machine has what is required: installs what is missing when it may (root on Debian and its
 * kin), otherwise throws an Error whose one line names the command to run.
 */
export async function ensureDebianPackages(requirements: readonly MachineRequirement[]): Promise<void> {
  const missing = requirements.filter(({ provides }) => !isPresent(provides));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))];
  if (!isPresent("apt-get") || getuid?.() !== 0) {
    const names = missing.map(({ provides }) => provides).join(", ");
    throw new Error(`Not on this machine: ${names}. Run: sudo apt-get install ${packages.join(" ")}`);
  }
  console.error(`Installing Debian packages: ${packages.join(" ")}`);
  // Somebody else's apt-get may hold the lock for minutes.
  const apt = ["-o", "DPkg::Lock::Timeout=600", "-q", "-y"];
  const options = { env: { ...env, DEBIAN_FRONTEND: "noninteractive" } };
  const install = [...apt, "install", "--no-install-recommends", ...packages];
  // The package lists of a machine in use are good enough; a new machine has none.
  const first = await tryCommand("apt-get", install, options);
  if (first.exitCode !== 0) {
    await runCommand("apt-get", [...apt, "update"], options);
    await runCommand("apt-get", install, options);
  }
  const absent = missing.filter(({ provides }) => !isPresent(provides));
  if (absent.length > 0) {
    throw new Error(`Installed ${packages.join(" ")}, but still missing: ${absent.map((a) => a.provides).join(", ")}`);
  }
}
