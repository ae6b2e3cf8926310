import { describe, expect, it } from "vitest";
import { type KnownOfNewCity, type NewCityPerson, askNewCity } from "./ask-new-city.ts";

/** Answers with what is at hand, or as usual; `undefined` dismisses. Notes what was asked and offered. */
function answering(answers: Readonly<Record<string, string | undefined>>) {
  const asked: string[] = [];
  const person: NewCityPerson = {
    async choose(title, choices) {
      asked.push(`${title}: ${choices.map(({ label }) => label).join(" ")}`);
      if (!(title in answers)) return choices[0]?.value;
      return choices.find(({ label }) => label === answers[title])?.value;
    },
    async ask(title, _prompt, { value, problem }) {
      asked.push(title);
      const answer = title in answers ? answers[title] : value;
      if (answer !== undefined) expect(problem(answer)).toBeUndefined();
      return answer;
    },
  };
  const ask = (known: KnownOfNewCity = {}, installed: readonly string[] = ["codex"]) =>
    askNewCity(known, "/home/me/my city", person, (name) => installed.includes(name));
  return { asked, ask };
}

describe("askNewCity", () => {
  it("asks little for a city as usual, and offers first what is installed", async () => {
    const { asked, ask } = answering({});
    expect(await ask()).toEqual({ name: "my city", template: "minimal", provider: "codex", place: { kind: "tmux" } });
    expect(asked).toEqual([
      "Name",
      "What the city begins with: minimal crew rig",
      "What its agents run: codex claude gemini cursor copilot amp opencode auggie pi omp shell",
      "Where its agents run: tmux k8s",
    ]);
  });

  it("asks what Kubernetes and a rig need", async () => {
    const { asked, ask } = answering({
      "What the city begins with": "rig",
      "Where its agents run": "k8s",
      Image: "a:1",
      Repository: "../My App!",
    });
    expect(await ask({ name: "x", provider: "pi" })).toEqual({
      name: "x",
      template: "rig",
      provider: "pi",
      place: { kind: "k8s", image: "a:1", namespace: "gc" },
      rig: { name: "My-App", path: "../My App!" },
    });
    expect(asked).toHaveLength(5);
  });

  it("asks nothing that is known", async () => {
    const { asked, ask } = answering({});
    const known = {
      name: "x",
      provider: "pi",
      template: "rig",
      on: "k8s",
      image: "a",
      namespace: "n",
      rig: "/a/b",
    } as const;
    expect(await ask(known)).toMatchObject({ rig: { name: "b", path: "/a/b" } });
    expect(asked).toEqual([]);
  });

  it.each([
    "Name",
    "What the city begins with",
    "What its agents run",
    "Where its agents run",
    "Image",
    "Namespace",
    "Repository",
  ])("makes no city when %s is dismissed", async (title) => {
    const { ask } = answering({
      "What the city begins with": "rig",
      "Where its agents run": "k8s",
      Image: "a",
      Repository: "b",
      [title]: undefined,
    });
    expect(await ask()).toBeUndefined();
  });
});
