const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** True for a currency of ISO 4217 that is in use. */
export const isCurrency = (code: string): boolean => CURRENCIES.has(code);
