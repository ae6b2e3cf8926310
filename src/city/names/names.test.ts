import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readVectors } from "../../../test/golden-vectors.ts";
import { beadPrefix } from "./bead-prefix.ts";
import { checkAlias, checkSessionName } from "./explicit-name.ts";
import { poolAlias, poolInstance, poolSessionName } from "./pool-name.ts";
import { qualifiedName, sessionFragment } from "./qualified-name.ts";
import { sessionNaming } from "./session-name.ts";

interface NameVectors {
  readonly sanitize: readonly { in: string; session_fragment: string; session_name_syntax: boolean }[];
  readonly sessions: readonly { agent: string; city: string; session_name: string; session_template: string }[];
  readonly pool_instances: readonly {
    bead_id: string;
    binding: string;
    dir: string;
    instance: string;
    name: string;
    namepool: readonly string[] | null;
    qualified_instance: string;
    session_name_with_bead: string;
    session_name_without_bead: string;
    slot: number;
    template: string;
  }[];
  readonly bead_prefixes: readonly { in: string; prefix: string }[];
  readonly explicit_names: readonly {
    in: string;
    name?: string;
    alias?: string;
    name_error?: string;
    alias_error?: string;
  }[];
}
const vectors = readVectors("names.json") as NameVectors;
const word = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,12}$/u);

describe("sessions are named as gc names them", () => {
  it.each(vectors.sanitize)("fragment of $in", (vector) => {
    expect(sessionFragment(vector.in)).toBe(vector.session_fragment);
  });

  it.each(vectors.sessions)("$agent after $session_template", (vector) => {
    expect(sessionNaming(vector.city, vector.session_template).nameOf(vector.agent)).toBe(vector.session_name);
  });

  it.each(vectors.pool_instances)("slot $slot of $template", (vector) => {
    const { dir, binding, name, slot } = vector;
    const namepool = vector.namepool ?? [];
    expect(qualifiedName({ dir, binding, name })).toBe(vector.template);
    expect(poolInstance(name, slot, namepool)).toBe(vector.instance);
    const alias = poolAlias({ dir, binding, name }, slot, namepool);
    expect(alias).toBe(vector.qualified_instance);
    expect(sessionFragment(alias)).toBe(vector.session_name_without_bead);
    expect(poolSessionName(vector.template, vector.bead_id)).toBe(vector.session_name_with_bead);
  });

  it.each([
    ["{{.City", "line 1, column 1: this action is never closed by }}"],
    ["{{.Rig}}-{{.Name}}", "line 1, column 3: there is no .Rig; there are .City, .Agent, .Dir, .Name"],
    ["{{.City}}-{{nope}}", 'line 1, column 13: there is no function "nope"'],
  ])("the template %s is said to be bad", (template, problem) => {
    expect(sessionNaming("demo", template).problem).toBe(problem);
  });

  it("the template that can be filled for one agent only names the others by their fragment", () => {
    const { nameOf, problem } = sessionNaming("demo", "{{if .Dir}}{{.Dir}}{{else}}{{slice .Name 0 9}}{{end}}");
    expect([problem, nameOf("rig/a"), nameOf("short")]).toEqual([undefined, "rig", "short"]);
  });

  it("agents that differ never share a session without a template", () => {
    const parts = fc.record({
      dir: fc.oneof(fc.constant(""), word),
      binding: fc.oneof(fc.constant(""), word),
      name: word,
    });
    // "--" and "__" in the names themselves are what the fragment writes for "/" and "."; gc mixes them up too.
    const plain = parts.filter(({ dir, binding, name }) => !/--|__/u.test(`${dir} ${binding} ${name}`));
    const apart = plain.filter(({ dir, binding, name }) => !/[-_]( |$)|( |^)[-_]/u.test(`${dir} ${binding} ${name}`));
    fc.assert(
      fc.property(apart, apart, (one, other) => {
        const same = qualifiedName(one) === qualifiedName(other);
        expect(sessionFragment(qualifiedName(one)) === sessionFragment(qualifiedName(other))).toBe(same);
      }),
    );
  });

  it("slots of a pool never share a session", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          word.filter((name) => !/-\d+$/u.test(name)),
          { maxLength: 5 },
        ),
        word,
        (namepool, name) => {
          const agent = { dir: "rig", binding: "", name };
          const slots = Array.from({ length: 9 }, (_, index) => poolAlias(agent, index + 1, namepool));
          expect(new Set(slots.map(sessionFragment)).size).toBe(9);
        },
      ),
    );
  });
});

describe("bead prefixes", () => {
  it.each(vectors.bead_prefixes)("of $in", (vector) => {
    expect(beadPrefix(vector.in)).toBe(vector.prefix);
  });
});

describe("names that people give", () => {
  it.each(vectors.explicit_names)("$in", (vector) => {
    expect(checkSessionName(vector.in).name).toBe(vector.name_error === undefined ? vector.name : undefined);
    expect(checkAlias(vector.in).name).toBe(vector.alias_error === undefined ? vector.alias : undefined);
  });

  it.each(vectors.sanitize.filter((vector) => vector.in !== ""))("syntax of $in", (vector) => {
    const refused = checkSessionName(vector.in).problem?.includes("must begin") ?? false;
    expect(refused).toBe(vector.in === vector.in.trim() && !vector.session_name_syntax);
  });

  it.each([
    ["s-foo", '"s-foo" begins with "s-", as gc\'s own names do: choose another'],
    ["human", '"human" is the alias of the person at the keyboard: choose another'],
    ["gc-12", '"gc-12" looks like the id of a session: choose another alias'],
    ["a b", '"a b" must begin with a letter or digit and hold only letters, digits, -, _ and ., with / between parts'],
  ])("%s is refused with a reason", (name, problem) => {
    expect(checkAlias(name)).toEqual({ problem });
  });
});
