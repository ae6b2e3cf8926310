import type { CityDraft, TablePlace } from "./city-draft.ts";
import { packOf } from "./city-files.ts";
import { type WrittenAgent, qualify, writtenAgents } from "./written-agents.ts";
import type { TomlPath } from "../text/toml-path.ts";

/** A string in the city's files that names an agent (gascity-spec §1.7). */
export interface AgentReference extends TablePlace {
  /** The element that is there only for the agent, if it is so: a named session, a patch, an override. */
  readonly element: TomlPath | undefined;
  /** Who names it, for a person. */
  readonly by: string;
}

/** Says whether a name as it is written means the agent. */
type Means = (written: string) => boolean;

/** Every place that names this agent, but for what stands in its own tables. */
export function referencesTo(city: CityDraft, agent: WrittenAgent): readonly AgentReference[] {
  const agents = writtenAgents(city);
  return city.files.flatMap((file) => [...new ReferencesOfFile(city, file, agent, agents).all()]);
}

class ReferencesOfFile {
  readonly #city: CityDraft;
  readonly #file: string;
  readonly #agent: WrittenAgent;
  readonly #others: readonly WrittenAgent[];

  constructor(city: CityDraft, file: string, agent: WrittenAgent, agents: readonly WrittenAgent[]) {
    this.#city = city;
    this.#file = file;
    this.#agent = agent;
    this.#others = agents.filter(
      (other) => other.file === file && !(other.qualified === agent.qualified && other.pack === agent.pack),
    );
  }

  *all(): Iterable<AgentReference> {
    const { name, dir, pack } = this.#agent;
    yield* this.#when(["pack", "requires"], (path) => {
      const isMeant: Means = (written) => written === name && dir === "";
      return this.#name([...path, "agent"], isMeant, undefined, `[[pack.requires]] of ${this.#file}`);
    });
    // A pack knows nothing of the city's agents but that, and of other packs' nothing at all.
    if (packOf(this.#file) !== "" && packOf(this.#file) !== pack) return;
    yield* this.#agents();
    yield* this.#namedSessions();
    yield* this.#patches();
    yield* this.#rigs();
    yield* this.#orders();
  }

  *#agents(): Iterable<AgentReference> {
    for (const { path, qualified } of this.#others) {
      yield* this.#dependencies(path, `depends_on of the agent "${qualified}"`);
    }
  }

  *#namedSessions(): Iterable<AgentReference> {
    yield* this.#when(["named_session"], (path) => {
      const dir = this.#read([...path, "dir"]);
      const template = this.#read([...path, "template"]);
      const identity = qualify(dir, this.#read([...path, "name"]) || template);
      return this.#name([...path, "template"], this.#named(dir), path, `the named session "${identity}"`);
    });
  }

  *#patches(): Iterable<AgentReference> {
    yield* this.#when(["patches", "agent"], (path) => {
      const dir = this.#read([...path, "dir"]);
      const by = `the patch of "${qualify(dir, this.#read([...path, "name"]))}"`;
      return [
        ...this.#name([...path, "name"], this.#named(dir), path, by),
        ...this.#dependencies(path, `depends_on of ${by}`),
      ];
    });
  }

  *#rigs(): Iterable<AgentReference> {
    yield* this.#when(["rigs"], (rigPath) => {
      const rig = this.#read([...rigPath, "name"]);
      const overrides = ["overrides", "patches"].flatMap((key) =>
        this.#city.elements(this.#file, [...rigPath, key]).flatMap((path) => {
          const by = `the override of "${this.#read([...path, "agent"])}" in the rig "${rig}"`;
          const named = this.#name([...path, "agent"], this.#named(rig), path, by);
          return named.concat(this.#dependencies(path, `depends_on of ${by}`));
        }),
      );
      const target: Means = (written) => this.#qualified(written) || this.#named(rig)(written);
      const by = `default_sling_target of the rig "${rig}"`;
      return [...overrides, ...this.#name([...rigPath, "default_sling_target"], target, undefined, by)];
    });
  }

  *#orders(): Iterable<AgentReference> {
    yield* this.#when(["orders", "overrides"], (path) => {
      const rig = this.#read([...path, "rig"]);
      const target: Means = (written) => this.#qualified(written) || (rig !== "" && this.#named(rig)(written));
      const by = `pool of the order "${this.#read([...path, "name"])}"`;
      return this.#name([...path, "pool"], target, undefined, by);
    });
  }

  #dependencies(path: TomlPath, by: string): AgentReference[] {
    const list = this.#city.elements(this.#file, [...path, "depends_on"]);
    return list.flatMap((item) => this.#name(item, (written) => this.#qualified(written), undefined, by));
  }

  #when(path: TomlPath, read: (element: TomlPath) => AgentReference[]): AgentReference[] {
    return this.#city.elements(this.#file, path).flatMap(read);
  }

  #name(path: TomlPath, means: Means, element: TomlPath | undefined, by: string): AgentReference[] {
    return means(this.#read(path)) ? [{ file: this.#file, path, element, by }] : [];
  }

  /** For a name beside which a dir or a rig stands. */
  #named(dir: string): Means {
    return (written) => written === this.#agent.name && (dir === this.#agent.dir || (dir !== "" && this.#isStamped()));
  }

  #qualified(written: string): boolean {
    if (written === this.#agent.qualified) return true;
    const slash = written.lastIndexOf("/");
    return slash > 0 && this.#named(written.slice(0, slash))(written.slice(slash + 1));
  }

  /** Whether rigs get the agent from its pack, under their own name for its dir (gascity-spec §1.2, step 8). */
  #isStamped(): boolean {
    const { pack, dir, scope } = this.#agent;
    return pack !== "" && dir === "" && scope !== "city";
  }

  #read(path: TomlPath): string {
    return this.#city.string(this.#file, path);
  }
}
