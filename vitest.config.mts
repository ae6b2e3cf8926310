import { defineConfig } from "vitest/config";

/** For suites of many small tests that share a process. */
const together = {
  isolate: false,
  // Of tests within a file that wait at once.
  maxConcurrency: 20,
  // Node runs the sources as they are; to transform them would take as long as most of the tests.
  experimental: { viteModuleRunner: false, nodeLoader: false },
  // Far above what any test needs: a busy machine is no failure.
  testTimeout: 30_000,
  expect: { poll: { timeout: 10_000 } },
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          // Some of it waits for programs; two cores serve many who wait.
          maxWorkers: 3,
          ...together,
          include: ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.mts"],
          exclude: [
            "**/*.cluster.test.ts",
            "**/*.local.test.ts",
            "test/faults/**",
            "test/host/**",
            "test/interop/**",
            "test/soak/**",
            "test/ui/**",
            "**/node_modules/**",
          ],
        },
      },
      {
        test: {
          // Agents in tmux servers of its own, and controllers as processes of theirs.
          name: "local",
          // They wait for real programs: two cores serve many who wait.
          maxWorkers: 4,
          ...together,
          include: ["**/*.local.test.ts"],
          exclude: ["**/node_modules/**"],
        },
      },
      {
        test: {
          name: "cluster",
          include: ["**/*.cluster.test.ts"],
          exclude: ["test/interop/**", "**/node_modules/**"],
          globalSetup: ["test/cluster/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          globalSetup: ["test/cluster/global-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "soak",
          include: ["test/soak/**/*.test.ts"],
          globalSetup: ["test/cluster/global-setup.ts"],
          // Its deadlines are the product's own: one thing at a time on the cluster.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "interop",
          include: ["test/interop/**/*.test.ts"],
          exclude: ["**/*.cluster.test.ts"],
          globalSetup: ["test/interop/global-setup.ts"],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "interop-cluster",
          include: ["test/interop/**/*.cluster.test.ts"],
          globalSetup: ["test/interop/global-setup.ts", "test/cluster/global-setup.ts"],
          // gc looks at its sessions now and then, and several starts follow one another.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "ui",
          include: ["test/ui/**/*.test.ts"],
          globalSetup: ["test/ui/global-setup.ts"],
          // One workbench at a time: its browser and its server fill two cores.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
