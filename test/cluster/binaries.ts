import { readFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { cachedEntry } from "../machine/cached-entry.ts";
import { isPresent } from "../machine/debian-packages.ts";
import { runCommand } from "../machine/run-command.ts";

/** One Go module of the launcher's own and the programs that come from it. */
interface GoModule {
  readonly module: string;
  readonly sources: readonly string[];
  readonly cgo: boolean;
  readonly linkerFlags: string;
  /** Package to build, by the name of its program. */
  readonly programs: Readonly<Record<string, string>>;
}

const kubernetesVersion = /k8s\.io\/kubernetes (v\S+)/u.exec(readModule("kube/go.mod"))?.[1] ?? "";
const [, major, minor] = /^v(\d+)\.(\d+)/u.exec(kubernetesVersion) ?? [];
const version = "k8s.io/component-base/version";

const modules: readonly GoModule[] = [
  {
    module: "kube",
    sources: ["main.go", "kubelet.go", "go.mod", "go.sum"],
    cgo: false,
    // Without these the API server calls itself v0.0.0 and refuses its own features.
    linkerFlags: `-X ${version}.gitVersion=${kubernetesVersion} -X ${version}.gitMajor=${major} -X ${version}.gitMinor=${minor}`,
    programs: { kube: "." },
  },
  {
    module: "coredns",
    sources: ["main.go", "go.mod", "go.sum"],
    cgo: false,
    linkerFlags: "",
    programs: { coredns: "." },
  },
  { module: "pause", sources: ["main.go", "go.mod"], cgo: false, linkerFlags: "", programs: { pause: "." } },
  {
    module: "tools",
    sources: ["go.mod", "go.sum"],
    cgo: true,
    linkerFlags: "",
    programs: { bd: "github.com/steveyegge/beads/cmd/bd", dolt: "github.com/dolthub/dolt/go/cmd/dolt" },
  },
];

/** Where the built programs are, each an absolute path. */
export type Binaries = Readonly<Record<"kube" | "coredns" | "pause" | "bd" | "dolt", string>>;

/** The programs of the cluster, built from their Go modules when the cache does not have them (minutes, once). */
export async function clusterBinaries(): Promise<Binaries> {
  const paths: Record<string, string> = {};
  for (const goModule of modules) {
    const folder = await cachedEntry({
      name: `go-${goModule.module}`,
      recipe: JSON.stringify([goModule, goModule.sources.map((source) => readModule(`${goModule.module}/${source}`))]),
      build: (into) => build(goModule, into),
    });
    for (const program of Object.keys(goModule.programs)) paths[program] = join(folder, program);
  }
  return paths as Binaries;
}

async function build(goModule: GoModule, into: string): Promise<void> {
  if (!isPresent("go"))
    throw new Error("The test cluster is built from Go modules: install Go 1.26 or later, see go.dev/doc/install");
  console.error(`Building ${Object.keys(goModule.programs).join(" and ")} from Go modules, once`);
  for (const [program, source] of Object.entries(goModule.programs)) {
    await runCommand(
      "go",
      ["build", "-trimpath", "-ldflags", `-s -w ${goModule.linkerFlags}`, "-o", join(into, program), source],
      {
        cwd: modulePath(goModule.module),
        // bd does without C; dolt needs it for its collations.
        env: { ...env, CGO_ENABLED: goModule.cgo && program !== "bd" ? "1" : "0" },
      },
    );
  }
}

function modulePath(path: string): string {
  return join(import.meta.dirname, "go", path);
}

function readModule(path: string): string {
  return readFileSync(modulePath(path), "utf8");
}
