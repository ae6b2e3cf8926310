import { hostname } from "node:os";
import { pid } from "node:process";
import { expect, it } from "vitest";
import { type ControllerKind, describeHolder, holderOf, newIdentity } from "./lease-holder.ts";

it.each<ControllerKind>(["editor", "headless", "in-cluster"])("an identity tells who it is: %s", (kind) => {
  const identity = newIdentity(kind);
  expect(holderOf(identity)).toEqual({ identity, host: hostname(), process: { kind, pid } });
});

it("no two identities are the same", () => {
  expect(newIdentity("editor")).not.toBe(newIdentity("editor"));
});

it.each([
  ["a_b_7_editor_0123456789ab", "an editor on a_b (process 7)"],
  ["ada_7_headless_0123456789ab", "gascity on ada (process 7)"],
  ["gc-0_1_in-cluster_0123456789ab", "the controller in the cluster on gc-0 (process 1)"],
  ["ada_7_robot_0123456789ab", "ada_7_robot_0123456789ab"],
  ["ada", "ada"],
])("a person reads %s as %s", (identity, words) => {
  const holder = holderOf(identity);
  expect(holder && describeHolder(holder)).toBe(words);
});

it("nobody is nobody", () => {
  expect(holderOf("")).toBeUndefined();
});
