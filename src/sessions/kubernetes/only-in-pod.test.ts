import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkPod, onlyInPod } from "./only-in-pod.ts";

const pod = { podName: "a", uid: "d0c6f3b0-53ad-4a67-8a4c-0f6b1c2d3e4f" };
const other = "11111111-2222-3333-4444-555555555555";
const folder = mkdtempSync(join(tmpdir(), "gascity-mounts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const mount = (from: string, to: string): string => `115 99 254:0 ${from} ${to} rw,relatime - ext4 /dev/sda1 rw\n`;
const root = mount("/var/lib/containerd/snapshots/7/fs", "/");
const ofPod = (uid: string): string =>
  mount(`/kubepods/pod${uid}/2af490ae`, "/sys/fs/cgroup/cpu") + mount(`/kubelet/pods/${uid}/etc-hosts`, "/etc/hosts");

/** Runs a command that is meant for `pod` in a container that has these mounts; none where they cannot be read. */
function runWith(mounts: string | undefined, argv: readonly string[], input = "") {
  const file = join(folder, mounts === undefined ? "nowhere" : "mountinfo");
  if (mounts !== undefined) writeFileSync(file, mounts);
  const [command = "", ...args] = onlyInPod(pod.uid, argv, "ends", file);
  return spawnSync(command, args, { encoding: "utf8", input });
}

describe("onlyInPod", () => {
  it.each([
    ["the pod itself", root + ofPod(pod.uid)],
    ["the pod itself, which also sees others' folders", ofPod(other) + ofPod(pod.uid)],
    ["a sandbox that does not say which pod it is", root + mount("/pods/readme/x", "/pods/readme")],
    ["a place without mounts", undefined],
  ])("runs a command in %s, word by word and with its input", (_, mounts) => {
    const words = ["a b", "", "-x", "$HOME", "'", "*"];
    const told = runWith(mounts, ["sh", "-c", 'printf "%s|" "$@"; cat; exit 3', "sh", ...words], "input");
    expect(told).toMatchObject({ status: 3, stdout: "a b||-x|$HOME|'|*|input", stderr: "" });
  });

  it("runs nothing in another pod, which reads all input and says so", () => {
    const { status, stdout, stderr, error } = runWith(root + ofPod(other), ["echo", "ran"], "x".repeat(1_000_000));
    expect({ stdout, error }).toEqual({ stdout: "", error: undefined });
    expect(() => checkPod(pod, { exitCode: status ?? 0, stderr })).toThrow("The pod a was made anew in between");
  });
});

it("tells a command that was meant for another pod from one that failed by itself", () => {
  const stderr = "this is another pod\n";
  expect(() => checkPod(pod, { stderr: `sh: warning: setlocale\n${stderr}`, exitCode: 87 })).toThrow("made anew");
  checkPod(pod, { stderr: "", exitCode: 87 });
  checkPod(pod, { stderr, exitCode: 1 });
});
