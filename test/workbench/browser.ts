import { env, platform } from "node:process";
import { type Browser, type Page, chromium } from "playwright-core";
import { ensureDebianPackages } from "../machine/debian-packages.ts";

/** Starts a headless Chromium: the one in `GASCITY_TEST_CHROMIUM`, otherwise Debian's. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = env["GASCITY_TEST_CHROMIUM"] ?? "/usr/bin/chromium";
  // A Linux machine without any font shows boxes for letters.
  const fonts = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
  await ensureDebianPackages([
    { debianPackage: "chromium", provides: executablePath },
    ...(platform === "linux" ? [{ debianPackage: "fonts-dejavu-core", provides: fonts }] : []),
  ]);
  return await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page of its own (no shared storage) that can reach this machine and nothing else. Close its context when done. */
export async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await context.route(
    (url) => url.hostname !== "127.0.0.1",
    (route) => route.abort(),
  );
  return await context.newPage();
}
