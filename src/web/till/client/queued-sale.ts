/** What the answer tells of the stock: sold, but the shelf did not have it. */
export interface Conflict {
  title: string;
  missing: number;
}

export interface QueuedSale {
  /** Its place in the queue, given by the database. */
  place?: number;
  id: string;
  /** As a sale of this moment, which the server may refuse; null when it was made without asking. */
  live: object | null;
  /** As a sale that has happened, with what was agreed; null when only the server could make it. */
  late: object | null;
  /** The receipt was given without an answer: the server's no to a sale of that moment is none any more. */
  isMade: boolean;
  /** What each variant is called, for what the answer tells. */
  titles: Record<string, string>;
  soldAt: string;
  units: number;
  totalMinor: number;
  currency: string;
  state: 'waiting' | 'posted' | 'refused';
  /** The order's number, once it has one. */
  number: string | null;
  /** What the server gave its receipt, by which its buyer says how it is. */
  receiptCode?: string;
  conflicts: readonly Conflict[];
  /** Why the server would not have it. */
  refusal: string | null;
  /** How often the server failed over it. */
  failures: number;
  /** Whether an associate has read what the answer told. */
  isSeen: boolean;
}
