import { expect, it } from "vitest";
import { podOptions } from "./pod-options.ts";

const tables = {
  service_account: "agents",
  image_pull_secrets: ["registry"],
  node_selector: { disk: "ssd" },
  tolerations: [{ key: "agents", operator: "Exists", effect: "NoExecute", seconds: 60 }],
  agents: { "web/coder": { image: "big:1", cpu_request: "2", node_selector: { gpu: "yes" } } },
} as const;

it("gives every agent what the file says of all", () => {
  expect(podOptions(tables, "mayor")).toEqual({
    imagePullSecrets: ["registry"],
    nodeSelector: { disk: "ssd" },
    tolerations: [{ key: "agents", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 }],
  });
});

it("prefers what it says of the agent", () => {
  expect(podOptions(tables, "web/coder")).toMatchObject({
    image: "big:1",
    cpuRequest: "2",
    nodeSelector: { gpu: "yes" },
    imagePullSecrets: ["registry"],
  });
});

it("knows no agent by what all objects have", () => {
  expect(podOptions({ agents: {} }, "constructor")).toEqual({});
});
