/** An error with a code of the system's, such as ETIMEDOUT, for what the system does not notice itself. */
export function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
