export interface Result {
  name: string;
  figure: string;
  limit: string;
  /** Measured against its limit: at 1 or above it holds. */
  ratio: number;
}

export const atMost = (name: string, value: number, limit: number, unit: string): Result => ({
  name,
  figure: `${rounded(value)} ${unit}`,
  limit: `≤ ${limit} ${unit}`,
  ratio: limit / value,
});

export const atLeast = (name: string, value: number, limit: number, unit: string): Result => ({
  name,
  figure: `${rounded(value)}${unit}`,
  limit: `≥ ${limit}${unit}`,
  ratio: value / limit,
});

const rounded = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
