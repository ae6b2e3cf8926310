import * as z from "zod";
import { key, required } from "./fields.ts";
import type { Immutable } from "./immutable.ts";

/** [imports.BINDING] of a city, a pack or a rig (gascity-spec §1.7). */
export const importTable = z.strictObject({
  source: required(key.text("Where the pack is: a folder relative to this file, or the address of a repository.")),
  version: key.text("Which versions of a remote pack will do, such as `^1.2`."),
  export: key.flag("Gives the pack's agents on to whoever imports this pack."),
  transitive: key.flag({ description: "Whether the pack's own imports come with it.", default: "true" }),
  shadow: key.oneOfKnown(["warn", "silent"], {
    description: "What is said when an agent of your own hides one of the pack.",
    default: "warn",
  }),
});
export type ImportTable = Immutable<z.infer<typeof importTable>>;

/** [packs.NAME]: repositories of packs, in the older form (gascity-spec §1.7). */
export const packSourceTable = z.strictObject({
  source: required(key.text("The address of the repository.")),
  ref: key.text("A branch, a tag or a commit."),
  path: key.text("The folder of the pack in the repository."),
});
export type PackSourceTable = Immutable<z.infer<typeof packSourceTable>>;
