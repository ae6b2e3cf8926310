/** The API server's refusal: the fields of its Status object (Kubernetes API conventions, "Response Status Kind"). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** HTTP status code. */
  readonly status: number;
  /** A word for programs, such as `NotFound` or `AlreadyExists`; empty when the answer was no Status. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** The error in an answer with HTTP status `status`; `body` need not be a Status: proxies answer too. */
export function apiErrorOf(status: number, body: string): ApiError {
  try {
    const { reason, message, kind } = JSON.parse(body) as Readonly<Record<string, unknown>>;
    if (kind === "Status" && typeof message === "string") {
      return new ApiError(status, typeof reason === "string" ? reason : "", message);
    }
  } catch {
    // No JSON, hence no Status.
  }
  const text = body.trim().slice(0, 200);
  return new ApiError(status, "", text === "" ? `the API server answered with HTTP status ${status}` : text);
}

/** Whether `error` is the API server's refusal with this HTTP status. */
export function isApiError(error: unknown, status: number): error is ApiError {
  return error instanceof ApiError && error.status === status;
}
