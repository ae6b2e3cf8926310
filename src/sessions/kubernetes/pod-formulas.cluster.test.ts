import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ExampleOnCluster } from "../../../test/cluster/example-on-cluster.ts";
import { type TestNamespace, createNamespace } from "../../../test/cluster/namespace.ts";
import { commitAll } from "../../../test/commit-all.ts";

let namespace: TestNamespace;
let city: ExampleOnCluster;
beforeAll(async () => {
  namespace = await createNamespace();
  vi.stubEnv("KUBECONFIG", namespace.kubeconfig);
  city = new ExampleOnCluster(namespace, "formulas-in-pods");
});
afterAll(async () => {
  city[Symbol.dispose]();
  await namespace[Symbol.asyncDispose]();
});

const ofCity = ['release: "Release of packs/common"', 'review: "Review as this city does it"'];
const ofRig = ['release: "Release of the rig app"', 'review: "Review of a web application, of packs/web"'];

const text = (path: string): string => readFileSync(join(city.files.root, path), "utf8").trimEnd();

it("shows each agent the formulas that win where it works, as files of the pod", async () => {
  await Promise.all(["mayor", "app--coder"].map((session) => city.start(session)));
  await vi.waitFor(async () => {
    expect(await city.screen("mayor")).toContain(ofCity.join("\n"));
    expect(await city.screen("app--coder")).toContain(ofRig.join("\n"));
  }, 10_000);
  const both = "cd /workspace; find . -path '*/.beads/*' -type l; cat .beads/formulas/review.toml";
  expect(await city.inPod("mayor", both)).toBe(text("formulas/review.toml"));
  expect(await city.inPod("app--coder", both)).toBe(text("formulas/review.toml"));
  expect(await city.inPod("app--coder", "cd /workspace/app; cat .beads/formulas/release.formula.toml")).toBe(
    text("app-formulas/release.toml"),
  );
  await Promise.all(["mayor", "app--coder"].map((session) => city.stop(session)));
});

it("shows them in a worktree, where git does not see them", async () => {
  commitAll(join(city.files.root, "app"));
  await city.start("app--coder", { worktree: true });
  await vi.waitFor(async () => expect(await city.screen("app--coder")).toContain(ofRig.join("\n")), 10_000);
  expect(await city.inPod("app--coder", "cd /workspace/.worktrees/app; git status --porcelain")).toBe("");
  await city.stop("app--coder");
});
