export interface Result {
  name: string;
  figure: string;
  limit: string;
  /** Measured against its limit: at 1 or above it holds. */
  ratio: number;
}
