import { copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import type { FormulaFolder, SessionConfig } from "../../city/session-config.ts";
import type { ContainerIntake } from "./container-intake.ts";
import type { PodPlaces } from "./pod-places.ts";

/** Where bd looks for formulas, from the root of a city or rig. */
const place = ".beads/formulas";

/** The first line of the file that names what was brought, which makes git ignore that too. */
const mark = "# Brought by Gas City at each start";

/**
 * Shell for `sh -c SCRIPT sh MARK FOLDER...`. Takes away what an earlier start brought, and links, which lead to files of
 * the controller's machine. Prints the paths of what is left: files that somebody made there.
 */
const script = `
mark=$1
shift
for folder do
  [ -e "$folder" ] || rm -f "$folder"
  cd "$folder" 2>/dev/null || continue
  if [ -f .gitignore ]; then
    {
      read -r first
      if [ "$first" = "$mark" ]; then
        while read -r name; do rm -f ".$name"; done
      fi
    } <.gitignore
  fi
  for file in *.toml .*.toml .gitignore; do
    if [ -h "$file" ]; then rm -f "$file"; elif [ -e "$file" ]; then printf '%s\\n' "$folder/$file"; fi
  done
done
`;

/**
 * Brings a session's formulas into its pod as files, into the city's and its rig's folder there, and into a worktree of
 * either. A file that is there already and was not brought stays. Git does not see what is brought. Fails with
 * `session-failed` where it cannot be written.
 */
export async function stageFormulas(
  intake: ContainerIntake,
  { formulas = [] }: Pick<SessionConfig, "formulas">,
  { path, worktree }: Pick<PodPlaces, "path" | "worktree">,
): Promise<void> {
  const targets = formulas.flatMap((from) => {
    const folder = path(from.folder);
    if (folder === undefined) return [];
    const roots = worktree?.repository === folder ? [folder, worktree.folder] : [folder];
    return roots.map((root) => ({ from, destination: posix.join(root, place) }));
  });
  if (targets.length === 0) return;
  const argv = ["sh", "-c", script, "sh", mark, ...targets.map(({ destination }) => destination)];
  const own = new Set((await intake.run(argv)).stdout.split("\n"));
  for (const { from, destination } of targets) {
    const stays = (name: string): boolean => own.has(`${destination}/${name}`);
    await using files = await gatherFormulas(from, stays);
    if (files.isEmpty) continue;
    await intake.bring({ source: files.folder, destination, leaveOut: stays });
    await intake.flush();
  }
}

interface GatheredFormulas extends AsyncDisposable {
  readonly folder: string;
  readonly isEmpty: boolean;
}

/** Formulas as files in a folder of this machine, with their list. What is written in `.beads/formulas` itself wins, as in gc. */
async function gatherFormulas(
  { folder: root, formulas }: FormulaFolder,
  leaveOut: (name: string) => boolean,
): Promise<GatheredFormulas> {
  const entries = await readdir(join(root, place), { withFileTypes: true }).catch(() => []);
  const written = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".toml"));
  const files = new Map([...formulas, ...written.map(({ name }): [string, string] => [name, join(root, place, name)])]);
  const folder = await mkdtemp(join(tmpdir(), "gascity-formulas-"));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const brought: string[] = [];
    for (const [name, source] of files) {
      if (!leaveOut(name) && (await copied(source, join(folder, name)))) brought.push(name);
    }
    const list = [".gitignore", ...brought].map((name) => `/${name}\n`).join("");
    await writeFile(join(folder, ".gitignore"), `${mark}\n${list}`);
    return { folder, isEmpty: brought.length === 0, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** False for a file that has gone meanwhile. */
async function copied(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
