import type { City, ProviderChoice } from "../city/city.ts";
import type { Log } from "../lib/log.ts";
import type { Meter } from "../lib/meter.ts";
import type { SessionProvider } from "../sessions/session-provider.ts";

/**
 * Opens what runs a city's sessions. A new provider is one more case here. Each is loaded on first use: the Kubernetes
 * client alone is larger than everything else.
 */
export async function openSessionProvider(choice: ProviderChoice, log: Log, meter?: Meter): Promise<SessionProvider> {
  switch (choice.kind) {
    case "k8s": {
      const { openKubernetesSessions } = await import("./on-kubernetes.ts");
      return openKubernetesSessions({ settings: choice.settings, log, meter });
    }
    case "tmux": {
      const { openTmuxSessions } = await import("../sessions/tmux/tmux-session-provider.ts");
      return openTmuxSessions({ socket: choice.socket, log });
    }
    case "exec": {
      const { openExecSessions } = await import("../sessions/exec/exec-session-provider.ts");
      return openExecSessions({ script: choice.script, log });
    }
  }
}

/** Whether two cities' sessions run at the same place in the same way, so that a provider can be kept. */
export function sameProvider(a: City, b: City): boolean {
  return JSON.stringify(a.provider) === JSON.stringify(b.provider);
}
