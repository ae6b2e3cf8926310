import type { CityTexts } from "./city-files.ts";
import { type EditOutcome, editCity } from "./edit-city.ts";
import { RefusedEdit } from "./edit-refusal.ts";
import { checkName, taken } from "./names.ts";
import { setValue } from "./toml/set-value.ts";

/** A `[providers.NAME]` to add, with gc's own keys (gascity-spec §1.7). */
export interface NewProvider {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  readonly prompt_mode?: "arg" | "flag" | "none";
  readonly prompt_flag?: string;
  readonly process_names?: readonly string[];
}

/** Adds a provider to city.toml. */
export function addProvider(texts: CityTexts, { name, ...keys }: NewProvider): EditOutcome {
  return editCity(texts, (city) => {
    // Each provider is an agent of its name too.
    checkName("A provider", name);
    if (keys.command.trim() === "") {
      throw new RefusedEdit("invalid", `The provider "${name}" has no command`, "Say which program it runs");
    }
    if (keys.prompt_mode === "flag" && !keys.prompt_flag) {
      const action = 'Say which, such as "--prompt"';
      throw new RefusedEdit(
        "invalid",
        `The provider "${name}" takes its prompt by a flag, but by none in particular`,
        action,
      );
    }
    const file = city.files.find((file) => city.node(file, ["providers", name]));
    if (file !== undefined) throw taken("The provider", name, city.place(file, ["providers", name]));
    for (const [key, value] of Object.entries(keys)) {
      if (value !== undefined) setValue(city.draft("city.toml"), ["providers", name, key], value);
    }
  });
}
