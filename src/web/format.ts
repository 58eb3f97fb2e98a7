import { decimalsOf } from '#platform/money.ts';

/** The language of the texts. */
const LANGUAGE = 'en';
const FORMATS_MAX = 300;

export interface Format {
  /** Of words: our language, as it is written in the visitor's region. */
  locale: string;
  /** Of figures: the visitor's own. */
  figures: string;
  money(amountMinor: number, currency: string): string;
  /** Without decimals when there are none to show: for ranges and delivery costs. */
  roundMoney(amountMinor: number, currency: string): string;
  number(value: number, maximumFractionDigits?: number): string;
  percent(share: number): string;
  /** A number with its unit: "12 cm". A unit that Intl does not know is written after it. */
  measure(value: number, unit: string): string;
  date(at: Date | string): string;
  /** "Tue 3 June" */
  day(at: Date | string): string;
  dateTime(at: Date | string, timeZone: string): string;
  list(words: readonly string[]): string;
}

const formats = new Map<string, Format>();

/** By the Accept-Language header, cached: a formatter costs more to make than a page. */
export function formatFor(acceptLanguage: string = LANGUAGE): Format {
  const wanted = acceptLanguage.split(/[,;]/, 1)[0]?.trim().slice(0, 20) ?? LANGUAGE;
  let format = formats.get(wanted);
  if (!format) {
    format = makeFormat(...localesOf(wanted));
    if (formats.size < FORMATS_MAX) formats.set(wanted, format);
  }
  return format;
}

/** Dates have words in them, so they are in our language; figures have none, so they are in the visitor's. */
function localesOf(tag: string): [words: string, figures: string] {
  try {
    const { language, region } = new Intl.Locale(tag).maximize();
    if (!region) return [LANGUAGE, LANGUAGE];
    return [`${LANGUAGE}-${region}`, `${language}-${region}-u-nu-latn`];
  } catch {
    return [LANGUAGE, LANGUAGE];
  }
}

function makeFormat(locale: string, figures: string): Format {
  const once = <Value>(make: (key: string) => Value) => {
    const made = new Map<string, Value>();
    return (key: string): Value => {
      const known = made.get(key);
      if (known !== undefined) return known;
      const value = make(key);
      made.set(key, value);
      return value;
    };
  };
  const money = once((currency) => new Intl.NumberFormat(figures, { style: 'currency', currency }));
  const roundMoney = once(
    (currency) =>
      new Intl.NumberFormat(figures, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' }),
  );
  const number = once((digits) => new Intl.NumberFormat(figures, { maximumFractionDigits: Number(digits) }));
  const measure = once((unit) => measureIn(figures, unit));
  const percent = new Intl.NumberFormat(figures, { style: 'percent', maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const day = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  const dateTime = once(
    (timeZone) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }),
  );
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    locale,
    figures,
    money: (amountMinor, currency) => money(currency).format(amountMinor / 10 ** decimalsOf(currency)),
    roundMoney: (amountMinor, currency) =>
      roundMoney(currency).format(amountMinor / 10 ** decimalsOf(currency)),
    number: (value, maximumFractionDigits = 2) => number(String(maximumFractionDigits)).format(value),
    percent: (share) => percent.format(share),
    measure: (value, unit) => measure(unit)(value),
    date: (at) => date.format(new Date(at)),
    day: (at) => day.format(new Date(at)),
    dateTime: (at, timeZone) => dateTime(timeZone).format(new Date(at)),
    list: (words) => list.format(words),
  };
}

function measureIn(locale: string, unit: string): (value: number) => string {
  try {
    const format = new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 2 });
    return (value) => format.format(value);
  } catch {
    const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
    return (value) => `${format.format(value)} ${unit}`;
  }
}

const countries = new Map<string, Intl.DisplayNames>();

/** "Portugal" for PT. */
export function countryName(code: string, { locale }: Format): string {
  let names = countries.get(locale);
  if (!names) {
    names = new Intl.DisplayNames(locale, { type: 'region' });
    countries.set(locale, names);
  }
  return names.of(code) ?? code;
}
