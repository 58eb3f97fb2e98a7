import countries from 'i18n-iso-countries';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

countries.registerLocale(english);

/** Finds the region that a country's name or ISO code means: the mapping's own names first, then English ones. */
export function regionFinder(names: Record<string, string>): (written: string) => string | undefined {
  const known = new Map<string, string | undefined>(Object.entries(names));
  return (written) => {
    if (!known.has(written)) known.set(written, byStandard(written));
    return known.get(written);
  };
}

function byStandard(written: string): string | undefined {
  if (/^[A-Za-z]{2}$/.test(written) && countries.isValid(written)) return written.toUpperCase();
  if (/^[A-Za-z]{3}$/.test(written)) return countries.alpha3ToAlpha2(written.toUpperCase());
  return countries.getAlpha2Code(written, 'en');
}
