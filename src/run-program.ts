import { StartFault } from '#platform/start-fault.ts';

/** Runs a starter. What the operator must mend is one line without a stack; anything else is a fault of ours, shown whole. */
export async function runProgram(program: () => Promise<number>): Promise<never> {
  try {
    process.exit(await program());
  } catch (error) {
    const shown =
      error instanceof StartFault ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${shown}\n`);
    process.exit(1);
  }
}
