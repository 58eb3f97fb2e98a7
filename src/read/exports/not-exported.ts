/** Append-only tables that are no ledger of their own, each with the reason. A test knows of all others. */
export const NOT_EXPORTED: Readonly<Record<string, string>> = {};
