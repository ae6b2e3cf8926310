import { posix } from "node:path";
import type { CityTexts } from "../edit/city-files.ts";
import type { EditOutcome } from "../edit/edit-city.ts";
import { renameAgent } from "../edit/rename-agent.ts";
import { cityTexts } from "./city-texts.ts";
import type { LanguageContext } from "./language-context.ts";
import { renameEverywhere } from "./rename.ts";

/** As `renameEverywhere`, for the agent that the city knows by this qualified name. */
export function renameByName(
  context: LanguageContext,
  qualified: string,
  name: string,
): EditOutcome & { readonly texts: CityTexts } {
  const file = posix.join(context.root, "city.toml");
  const span = { start: 0, end: 0 };
  const [definition] = context
    .names()
    .definitionsOf({ named: "agent", role: "reference", text: qualified, dir: "", file, path: [], span });
  if (definition) return renameEverywhere(context, definition, name);
  const texts = cityTexts(context);
  return { texts, ...renameAgent(texts, qualified, name) };
}
