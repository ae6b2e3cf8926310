import { describe, expect, it } from "vitest";
import { includeCacheName, parseRemoteReference, repositoryCacheName } from "./pack-reference.ts";

describe("parseRemoteReference", () => {
  it.each([
    ["git@github.com:a/b.git//s#v1", { repository: "git@github.com:a/b.git", folder: "s", ref: "v1" }],
    ["ssh://git@h/x/y.git", { repository: "ssh://git@h/x/y.git", folder: "", ref: "" }],
    ["https://h/a/b.git//s/t", { repository: "https://h/a/b.git", folder: "s/t", ref: "" }],
    ["github.com/a/b//s#x", { repository: "github.com/a/b", folder: "s", ref: "x" }],
    ["https://github.com/a/b/tree/v1/p/q", { repository: "https://github.com/a/b.git", folder: "p/q", ref: "v1" }],
    ["github.com/a/b/tree/v1", { repository: "github.com/a/b.git", folder: "", ref: "v1" }],
    ["https://gitlab.com/a/b/tree/v1", { repository: "https://gitlab.com/a/b/tree/v1", folder: "", ref: "" }],
    ["file:///x", { repository: "file:///x", folder: "", ref: "" }],
  ])("%s", (reference, expected) => {
    expect(parseRemoteReference(reference)).toEqual(expected);
  });

  it.each(["packs/a", "../a", "/a", "//a", "gitlab.com/a/b", "github.com", "."])("%s is a local path", (reference) => {
    expect(parseRemoteReference(reference)).toBeUndefined();
  });
});

// The hashes are those that gc prints when it misses a folder of its cache.
describe("names in gc's caches", () => {
  it.each([
    ["git@github.com:a/b.git", "b-b3886b0b69fc"],
    ["git@github.com:a/b", "b-f211d7fbd128"],
    ["ssh://git@h/x/y.git", "y-778bb84c00cd"],
    ["http://h/x", "x-86ca99740210"],
    ["github.com/a/b.git", "b-0090899d2e2e"],
    ["file:///x", "x-1fa65847c832"],
  ])("a clone of %s is in %s", (repository, name) => {
    expect(includeCacheName(repository)).toBe(name);
  });

  it("a locked commit has its own folder", () => {
    const commit = "d3d979b10e042f775b90939f134280bfd62b69b4";
    const name = "df938db3fc8f93089f087885df2181d9991628e9f77b71bea5c0b95d271c2366";
    expect(repositoryCacheName("github.com/a/b", commit)).toBe(name);
    expect(repositoryCacheName("https://github.com/a/b", commit)).toBe(name);
  });
});
