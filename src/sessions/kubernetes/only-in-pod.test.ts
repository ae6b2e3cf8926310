import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkPod, onlyInPod } from "./only-in-pod.ts";

const pod = { podName: "a", uid: "d0c6f3b0-53ad-4a67-8a4c-0f6b1c2d3e4f" };

it("passes a command on word by word where nothing tells pods apart", () => {
  // A machine that is itself a node shows the mounts of its pods.
  const uid = /\/pods\/([0-9a-f-]{36})\//u.exec(readFileSync("/proc/self/mountinfo", "utf8"))?.[1] ?? pod.uid;
  const [file = "", ...args] = onlyInPod(uid, ["printf", "%s|", "a b", "", "-x", "$HOME", "'"], "ends");
  expect(execFileSync(file, args, { encoding: "utf8" })).toBe("a b||-x|$HOME|'|");
});

it("tells a command that was meant for another pod from one that failed by itself", () => {
  const stderr = "this is another pod\n";
  expect(() => checkPod(pod, { stdout: "", stderr, exitCode: 87 })).toThrow("The pod a was made anew in between");
  checkPod(pod, { stdout: "", stderr: "", exitCode: 87 });
  checkPod(pod, { stdout: "", stderr, exitCode: 1 });
});
