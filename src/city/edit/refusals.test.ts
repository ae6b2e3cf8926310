import { describe, expect, it } from "vitest";
import { addAgent } from "./add-agent.ts";
import { addProvider } from "./add-provider.ts";
import { suspendCity } from "./city-suspension.ts";
import type { CityTexts } from "./city-files.ts";
import type { EditOutcome } from "./edit-city.ts";
import { changed } from "./example-change.ts";
import { setKubernetesPlace } from "./kubernetes-place.ts";
import { addNamedSession, removeNamedSession } from "./named-sessions.ts";

const city = `[[agent]]
name = "a"
max_active_sessions = 1

[[named_session]]
template = "a"
mode = "always"

[providers.mine]
command = "x"
`;

describe("a refusal", () => {
  it.each<[what: string, edit: (texts: CityTexts) => EditOutcome, reason: RegExp]>([
    [
      "an agent's name that is in use",
      (texts) => addAgent(texts, { name: "a" }),
      /^taken: .*, at line 1 of city.toml/u,
    ],
    [
      "an agent that no name fits",
      (texts) => addAgent(texts, { name: "-a" }),
      /^invalid: "-a" cannot be the name of an/u,
    ],
    [
      "a pool that cannot be",
      (texts) => addAgent(texts, { name: "b", min_active_sessions: -3 }),
      /^invalid: min_active/u,
    ],
    [
      "a second session beyond the cap",
      (texts) => addNamedSession(texts, { agent: "a", name: "b", mode: "always" }),
      /^in-use: "a" has 2 named sessions of mode "always", but at most 1/u,
    ],
    [
      "a session's name that is in use",
      (texts) => addNamedSession(texts, { agent: "a" }),
      /^taken: The named session "a"/u,
    ],
    ["a session that is not there", (texts) => removeNamedSession(texts, "b"), /^missing: .* Perhaps "a"/u],
    [
      "a provider's name that is in use",
      (texts) => addProvider(texts, { name: "mine", command: "y" }),
      /^taken: The provider "mine" exists already, at line 9/u,
    ],
    [
      "a provider without a command",
      (texts) => addProvider(texts, { name: "b", command: " " }),
      /^invalid: .* has no command/u,
    ],
    [
      "a provider without its flag",
      (texts) => addProvider(texts, { name: "b", command: "y", prompt_mode: "flag" }),
      /^invalid: .* by a flag/u,
    ],
    [
      "an image that is none",
      (texts) => setKubernetesPlace(texts, { image: "a b" }),
      /^invalid: "a b" cannot be an image/u,
    ],
    [
      "a namespace that is none",
      (texts) => setKubernetesPlace(texts, { namespace: "Gc" }),
      /^invalid: "Gc" cannot be a namespace/u,
    ],
  ])("of %s", (_what, edit, reason) => {
    expect(changed({ "city.toml": city }, edit)).toMatch(reason);
  });

  it("of a folder without a city.toml", () => {
    expect(changed({}, suspendCity)).toBe("missing: This folder has no city.toml. Create one first.");
  });
});
