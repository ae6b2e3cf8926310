import { type OxlintOverride, defineConfig } from "oxlint";

/** The folders of src in the one direction that imports may go: each imports only from those before it. */
const layers = [
  "lib",
  "city",
  "kubernetes",
  "sessions",
  "events",
  "beads",
  "controller",
  "deploy",
  "runtime",
  "cli",
  "editor",
];

const noVscode = {
  group: ["vscode"],
  message: "Only src/editor and src/extension.ts may know the editor.",
};

function restrictImports(patterns: { group: string[]; message: string }[]): OxlintOverride["rules"] & object {
  return { "no-restricted-imports": ["error", { patterns }] };
}

const importDirection = layers.map((layer, index) => {
  // The two fronts stand side by side: neither may know the other.
  const later = layer === "editor" ? ["cli"] : layers.slice(index + 1);
  const patterns = [
    ...(later.length > 0
      ? [
          {
            group: later.flatMap((name) => [`../${name}/**`, `../../${name}/**`, `../../../${name}/**`]),
            message: `src/${layer} may only import from ${layers.slice(0, index).join(", ") || "itself"}.`,
          },
        ]
      : []),
    ...(layer === "editor" ? [] : [noVscode]),
  ];
  return { files: [`src/${layer}/**/*.ts`], rules: restrictImports(patterns) };
});

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "node"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  ignorePatterns: ["dist", "out", ".vscode-test", "test/fixtures"],
  rules: {
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/await-thenable": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/only-throw-error": "error",
    "typescript/prefer-readonly": "error",
    "typescript/no-deprecated": "error",
    "import/no-default-export": "error",
    "import/no-cycle": "error",
    eqeqeq: "error",
    "no-console": "error",
    "prefer-const": "error",
    // Sequential awaits are the point where order matters; the rule cannot tell.
    "no-await-in-loop": "off",
    "typescript/no-unsafe-type-assertion": "off",
    // The compiler says it better (noImplicitReturns) and knows which switch is exhaustive.
    "typescript/consistent-return": "off",
    "no-shadow": "off",
    "no-underscore-dangle": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/prefer-add-event-listener": "off",
    "import/no-unassigned-import": "off",
    "import/no-named-as-default-member": "off",
    "promise/always-return": "off",
    "promise/avoid-new": "off",
  },
  overrides: [
    ...importDirection,
    { files: ["src/cli.ts"], rules: restrictImports([noVscode]) },
    { files: ["*.mts", "*.config.ts", "test/cluster/global-setup.ts"], rules: { "import/no-default-export": "off" } },
    { files: ["scripts/**", "test/**"], rules: { "no-console": "off" } },
  ],
});
