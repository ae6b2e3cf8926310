import { ApiError } from "./api-error.ts";

interface ExecStatus {
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** The exit code in what the status channel said at the end of a command, or the ApiError when it could not be run. */
export function exitCodeOf(text: string): number | ApiError {
  let status: ExecStatus;
  try {
    status = JSON.parse(text) as ExecStatus;
  } catch {
    return new ApiError(500, "", `the command's end cannot be read: ${text.slice(0, 200)}`);
  }
  if (status.status === "Success") return 0;
  const code = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (status.reason === "NonZeroExitCode" && code !== undefined && /^\d+$/u.test(code)) return Number(code);
  // The kubelet's Status, unlike the API server's, does not say its kind.
  return new ApiError(status.code ?? 500, status.reason ?? "", status.message ?? text.slice(0, 200));
}
