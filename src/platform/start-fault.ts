/** What keeps the program from starting and is the operator's to mend. Its message is one line that says what to do. */
export class StartFault extends Error {
  override name = 'StartFault';
}

/** Whether an error of Node or PostgreSQL carries one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
