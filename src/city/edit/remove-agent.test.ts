import { describe, expect, it } from "vitest";
import { changed } from "./example-change.ts";
import { removeAgent } from "./remove-agent.ts";

const city = `# The city
[workspace]
name = "demo"

# Boss
[[agent]]
name = "mayor"

# Hands
[[agent]]
name = "worker" # many
depends_on = ["mayor"]

[agent.env]
A = "1"

# Sessions

[[named_session]]
template = "worker"

[[named_session]]
template = "mayor"

[[named_session]]
name = "second"
template = "worker"

[[patches.agent]]
name = "worker"
nudge = "go"
`;

describe("removeAgent", () => {
  it("takes its named sessions and patches along", () => {
    expect(changed({ "city.toml": city }, (texts) => removeAgent(texts, "worker"))).toEqual({
      "city.toml": `# The city
[workspace]
name = "demo"

# Boss
[[agent]]
name = "mayor"

# Sessions

[[named_session]]
template = "mayor"
`,
    });
  });

  it("removes the folder that defines an agent, and what is said of its pods", () => {
    const files = {
      "city.toml": '[workspace]\nname = "demo"\n',
      "agents/clerk/agent.toml": "",
      "kubernetes.toml": '[agents.mayor]\nimage = "x"\n\n[agents.clerk]\nimage = "y"\n',
    };
    expect(changed(files, (texts) => removeAgent(texts, "clerk"))).toEqual({
      "kubernetes.toml": '[agents.mayor]\nimage = "x"\n',
      removals: ["agents/clerk"],
    });
  });

  it("leaves packs as they are", () => {
    const files = { "city.toml": city, "packs/p/pack.toml": '[[agent]]\nname = "x"\n' };
    expect(changed(files, (texts) => removeAgent(texts, "x"))).toMatch(
      /^in-use: The agent "x" comes with the pack packs\/p/u,
    );
  });

  it("refuses while others need it, and names them", () => {
    const rig = '\n[[rigs]]\nname = "app"\npath = "app"\ndefault_sling_target = "mayor"\n';
    const outcome = changed({ "city.toml": city + rig }, (texts) => removeAgent(texts, "mayor"));
    expect(outcome).toBe(
      'in-use: The agent "mayor" is still named by depends_on of the agent "worker" and default_sling_target of the rig "app". Change that first.',
    );
  });
});
