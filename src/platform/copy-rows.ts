export type CopyValue = string | number | bigint | boolean | Date | null | readonly (string | number)[];

/** Rows on their way into a COPY, in one of its formats. */
export interface CopyRows {
  /** What the statement says of the format. */
  format: string;
  add(row: readonly CopyValue[]): void;
  /** How much is waiting to be sent. */
  size(): number;
  /** What waits, and nothing waits any more. */
  take(): string | Buffer;
  /** The last of it. */
  end(): string | Buffer;
}
