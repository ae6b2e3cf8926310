import { createHash } from "node:crypto";
import { chmod, copyFile, cp, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { cachedEntry } from "../machine/cached-entry.ts";
import { freePort } from "../machine/free-port.ts";
import { startProcessGroup } from "../machine/process-group.ts";
import { runCommand } from "../machine/run-command.ts";
import type { Binaries } from "./binaries.ts";
import { waitFor } from "./wait-for.ts";

// gc's agent image as far as the tests need it (k8s-wire §7): the tools that agents and gc call, and the user gcagent.
const agent: Debian = {
  release: "bookworm",
  packages: ["tmux", "procps", "git", "jq", "ca-certificates", "bash", "curl", "lsof", "libicu72"],
};
// tmux 3.8 or newer, with which the command channel speaks another language.
const newTmux: Debian = { release: "sid", packages: ["tmux", "procps"] };
const passwd = "gcagent:x:1000:1000::/home/gcagent:/bin/bash\n";
// Part of the cache key: raise it when the steps below change.
const recipe = 3;

interface Debian {
  readonly release: string;
  readonly packages: readonly string[];
}

/** The images that the cluster's registry serves. */
export interface Images {
  /** The registry's storage folder, complete; it is only read. */
  readonly storage: string;
  /** Name and tag, without the registry's address. */
  readonly agent: string;
  /** As the agent image, with the newest tmux and little else. */
  readonly newTmux: string;
  readonly pause: string;
}

/** The agent images and the pause image in a registry's storage folder, made when the cache does not have them (minutes, once). */
export async function clusterImages(binaries: Binaries): Promise<Images> {
  // The binaries' folders are named after their content.
  const sources = [binaries.pause, binaries.bd, binaries.dolt].map((path) => basename(join(path, "..")));
  const key = JSON.stringify([recipe, agent, newTmux, passwd, sources]);
  const tag = createHash("sha256").update(key).digest("hex").slice(0, 12);
  const images = {
    agent: `gascity-agent:${tag}`,
    newTmux: `gascity-new-tmux:${tag}`,
    pause: `gascity-pause:${tag}`,
  };
  const folder = await cachedEntry({ name: "images", recipe: key, build: (into) => build(binaries, images, into) });
  return { storage: folder, ...images };
}

async function build(binaries: Binaries, images: Omit<Images, "storage">, storage: string): Promise<void> {
  console.error("Making the agent images, once");
  const work = await mkdtemp(join(storage, "..", "images-work-"));
  try {
    await using registry = await serveRegistry(storage, join(work, "registry"), false);
    const agentRoot = await agentFiles(agent, join(work, "agent"));
    for (const program of ["bd", "dolt"] as const) {
      const path = join(agentRoot, "usr/local/bin", program);
      await copyFile(binaries[program], path);
      await chmod(path, 0o755);
    }
    await pushImage(agentRoot, join(work, "agent.tar"), `${registry.address}/${images.agent}`, agentConfig);
    const newTmuxRoot = await agentFiles(newTmux, join(work, "new-tmux"));
    await pushImage(newTmuxRoot, join(work, "new-tmux.tar"), `${registry.address}/${images.newTmux}`, agentConfig);
    const pauseRoot = join(work, "pause");
    await mkdir(pauseRoot);
    await copyFile(binaries.pause, join(pauseRoot, "pause"));
    await pushImage(pauseRoot, join(work, "pause.tar"), `${registry.address}/${images.pause}`, {
      User: "65535:65535",
      Entrypoint: ["/pause"],
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const agentConfig = {
  User: "1000:1000",
  WorkingDir: "/workspace",
  Cmd: ["bash"],
  Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/home/gcagent", "LANG=C.UTF-8"],
};

async function agentFiles({ release, packages }: Debian, root: string): Promise<string> {
  await runCommand("debootstrap", ["--variant=minbase", `--include=${packages.join(",")}`, release, root]);
  for (const folder of ["var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"]) {
    await rm(join(root, folder), { recursive: true, force: true });
  }
  await writeFile(join(root, "etc/passwd"), passwd, { flag: "a" });
  await writeFile(join(root, "etc/group"), "gcagent:x:1000:\n", { flag: "a" });
  await mkdir(join(root, "home"), { recursive: true });
  await cp(join(root, "etc/skel"), join(root, "home/gcagent"), { recursive: true });
  await mkdir(join(root, "workspace"));
  await runCommand("chown", ["-R", "1000:1000", join(root, "home/gcagent"), join(root, "workspace")]);
  return root;
}

/** Packs `root` as the one layer of an image and pushes it to `reference`. `config` is the image's own configuration. */
async function pushImage(root: string, archive: string, reference: string, config: object): Promise<void> {
  const work = `${archive}.d`;
  await mkdir(work);
  await runCommand("tar", ["--numeric-owner", "--sort=name", "-cf", join(work, "layer.tar"), "-C", root, "."]);
  const { stdout } = await runCommand("sha256sum", [join(work, "layer.tar")]);
  await writeFile(
    join(work, "config.json"),
    JSON.stringify({
      architecture: process.arch === "arm64" ? "arm64" : "amd64",
      os: "linux",
      config,
      rootfs: { type: "layers", diff_ids: [`sha256:${stdout.slice(0, 64)}`] },
    }),
  );
  const manifest = [{ Config: "config.json", RepoTags: [], Layers: ["layer.tar"] }];
  await writeFile(join(work, "manifest.json"), JSON.stringify(manifest));
  await runCommand("tar", ["-cf", archive, "-C", work, "manifest.json", "config.json", "layer.tar"]);
  await rm(work, { recursive: true });
  const policy = `${archive}.policy.json`;
  await writeFile(policy, JSON.stringify({ default: [{ type: "insecureAcceptAnything" }] }));
  await runCommand("skopeo", [
    "--policy",
    policy,
    "copy",
    "--dest-tls-verify=false",
    `docker-archive:${archive}`,
    `docker://${reference}`,
  ]);
  await stat(archive).then(() => rm(archive));
}

async function serveRegistry(
  storage: string,
  work: string,
  readOnly: boolean,
): Promise<AsyncDisposable & { address: string }> {
  const address = `127.0.0.1:${await freePort()}`;
  await mkdir(work);
  const config = join(work, "config.yaml");
  await writeFile(config, registryConfig(storage, address, readOnly));
  const group = await startProcessGroup("docker-registry", ["serve", config], { logFile: join(work, "log") });
  await waitFor("the image registry", async () => (await fetch(`http://${address}/v2/`)).ok, 20_000);
  return { address, [Symbol.asyncDispose]: () => group[Symbol.asyncDispose]() };
}

/** The configuration of a registry that serves `storage` at `address`. */
export function registryConfig(storage: string, address: string, readOnly: boolean): string {
  return JSON.stringify({
    version: 0.1,
    log: { level: "warn" },
    storage: { filesystem: { rootdirectory: storage }, maintenance: { readonly: { enabled: readOnly } } },
    http: { addr: address },
  });
}
