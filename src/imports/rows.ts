import assert from 'node:assert/strict';
import { decimalsOf, divideHalfEven } from '#platform/money.ts';
import { importErrors } from './errors.ts';
import { datePattern, type LocalTime, localTimes } from './local-time.ts';
import {
  type Condition,
  type Field,
  isOfNumbers,
  type LineKind,
  type Mapping,
  type NumberField,
} from './mapping.ts';
import { regionFinder } from './region-names.ts';

/** Amounts are read in units of a ten-thousandth, so that a price of 0.001 is what it is until its line is rounded. */
export const AMOUNT_DECIMALS = 4;
const SCALE = AMOUNT_DECIMALS;

export interface TakenRow {
  isTaken: true;
  isReturn: boolean;
  kind: LineKind;
  document: string;
  code: string;
  /** As written; empty when the row has none. */
  title: string;
  quantity: number;
  unitPriceMinor: number;
  /** What all of its units cost whoever sold them; undefined where the row does not say. */
  costMinor: number | undefined;
  /** Quantity × price − discount, rounded half to even to the minor unit: negative in a credit note. */
  netMinor: number;
  /** The same in ten-thousandths of the unit, before rounding. */
  exact: number;
  time: LocalTime;
  customer: string;
  region: string;
}
export interface SetAsideRow {
  isTaken: false;
  reason: string;
  quantity: number;
  netMinor: number;
  exact: number;
}
export type Row = TakenRow | SetAsideRow;

/** Reads one row of the file: what becomes of it. It refuses, with the number of the line, what it cannot read. */
export type RowReader = (fields: readonly string[], line: number) => Row;

export const UNKNOWN_REGION = 'the country is not known';

/** Turns a mapping and the header of a file into a reader of its rows. */
export function rowReader(file: string, mapping: Mapping, header: readonly string[]): RowReader {
  const at = positionsOf(file, mapping, header);
  const reading = fieldReadings(mapping, at);
  const toMinor = minorUnits(mapping.currency);
  const isReturn = anyOf(mapping.returns.map(({ when }) => when));
  const setAside = mapping.setAside.map(({ reason, when }) => ({ reason, holds: allOf(when) }));
  const kinds = mapping.kinds.map(({ kind, when }) => ({ kind, holds: allOf(when) }));

  return (fields, line) => {
    const refuse = (detail: string) => importErrors.bad_line({ file, line, detail });
    if (fields.length !== header.length) {
      throw refuse(`has ${count(fields.length, 'field')} where the header has ${header.length}`);
    }
    const row = reading.read(fields);
    const exact = row.quantity * row.unitPrice - row.discount;
    const aside = setAside.find(({ holds }) => holds(row))?.reason;
    const region = aside === undefined ? reading.regionOf(row.region) : undefined;
    const reason =
      aside ?? (region === undefined && mapping.regions.unknown === 'set-aside' ? UNKNOWN_REGION : undefined);
    if (reason !== undefined) {
      const known = Number.isSafeInteger(exact) ? exact : 0; // a row that is set aside need not be readable
      const quantity = Number.isSafeInteger(row.quantity) ? row.quantity : 0;
      return { isTaken: false, reason, quantity, netMinor: toMinor(known), exact: known };
    }
    const time = reading.timeOf(row.time);
    const fault = faultOf(row, exact, time, region, mapping, at, fields);
    if (fault !== undefined || !time || region === undefined) throw refuse(fault ?? 'cannot be read');
    return {
      isTaken: true,
      isReturn: isReturn(row),
      kind: kinds.find(({ holds }) => holds(row))?.kind ?? 'goods',
      document: row.document,
      code: row.code,
      title: row.title,
      quantity: row.quantity,
      unitPriceMinor: toMinor(row.unitPrice),
      costMinor: row.unitCost === undefined ? undefined : toMinor(row.quantity * row.unitCost),
      netMinor: toMinor(exact),
      exact,
      time,
      customer: row.customer,
      region,
    };
  };
}

/** The fields of a row as text, cleaned; numbers are NaN when they do not parse. */
interface Reading extends Record<Exclude<Field, NumberField>, string> {
  quantity: number;
  unitPrice: number;
  discount: number;
  /** Undefined where the row does not say. */
  unitCost: number | undefined;
}

type Positions = Partial<Record<Field, number>>;

function positionsOf(file: string, { columns }: Mapping, header: readonly string[]): Positions {
  const names = header.map((name) => name.trim());
  const wanted = Object.entries(columns);
  const missing = wanted.filter(([, column]) => !names.includes(column)).map(([, column]) => column);
  const twice = wanted.filter(([, column]) => names.indexOf(column) !== names.lastIndexOf(column));
  const found = `the file has the columns ${names.join(', ').slice(0, 500)}`;
  if (missing.length > 0) {
    const detail = `the mapping expects ${wanted.map(([, column]) => column).join(', ')}; missing: ${missing.join(', ')}; ${found}`;
    throw importErrors.bad_line({ file, line: 1, detail });
  }
  if (twice.length > 0) {
    const detail = `has the column ${twice.map(([, column]) => column).join(', ')} twice; ${found}`;
    throw importErrors.bad_line({ file, line: 1, detail });
  }
  return Object.fromEntries(wanted.map(([field, column]) => [field, names.indexOf(column)]));
}

function fieldReadings(mapping: Mapping, at: Positions) {
  const pattern = datePattern(mapping.dates.format);
  assert(pattern instanceof RegExp); // readMapping has refused any other
  const text = (field: Field) => textReader(mapping, field, at[field]);
  const [document, code, title, time] = [text('document'), text('code'), text('title'), text('time')];
  const [quantity, unitPrice, discount] = [text('quantity'), text('unitPrice'), text('discount')];
  const unitCost = text('unitCost');
  const [customer, region] = [text('customer'), text('region')];
  const decimals = decimalReader(mapping);
  const costOf = (written: string) => (written === '' ? undefined : decimals(written));
  const discountOf = (written: string) => (written === '' ? 0 : decimals(written));
  return {
    timeOf: localTimes(pattern, mapping.dates.timeZone),
    regionOf: lastly(regionFinder(mapping.regions.names)),
    read: (fields: readonly string[]): Reading => ({
      document: document(fields),
      code: code(fields),
      title: title(fields),
      quantity: at.quantity === undefined ? 1 : wholeOf(decimals(quantity(fields))),
      time: time(fields),
      unitPrice: decimals(unitPrice(fields)),
      discount: at.discount === undefined ? 0 : discountOf(discount(fields)),
      unitCost: costOf(unitCost(fields)),
      customer: customer(fields),
      region: region(fields),
    }),
  };
}

/** A field of a row as text, cleaned as the mapping says; its default when the row says nothing. */
function textReader({ clean, defaults }: Mapping, field: Field, position: number | undefined) {
  const fallback = defaults[field] ?? '';
  if (position === undefined) return () => fallback;
  const { remove, case: letters } = clean[field] ?? {};
  const removed = remove === undefined ? undefined : new RegExp(remove, 'gu');
  return (fields: readonly string[]): string => {
    let text = (fields[position] ?? '').trim();
    if (removed) text = text.replace(removed, '');
    if (letters !== undefined) text = letters === 'upper' ? text.toUpperCase() : text.toLowerCase();
    return text === '' ? fallback : text;
  };
}

/** Reads an amount as ten-thousandths, digit by digit: exact, and a fraction of the time of a regular expression. */
function decimalReader({ numbers: { decimal, group } }: Mapping): (written: string) => number {
  const point = decimal.charCodeAt(0);
  return (written) => {
    const text = group === '' ? written : written.replaceAll(group, '');
    const sign = text.charCodeAt(0);
    const start = sign === MINUS || sign === PLUS ? 1 : 0;
    let units = 0;
    let decimals = -1; // none until the point
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === point && decimals < 0 && at > start) decimals = 0;
      else if (code < ZERO || code > NINE) return Number.NaN;
      else if (decimals < SCALE) {
        units = units * 10 + code - ZERO;
        if (decimals >= 0) decimals += 1;
      } else if (code !== ZERO) return Number.NaN;
    }
    if (text.length === start || decimals === 0) return Number.NaN;
    units *= 10 ** (SCALE - Math.max(decimals, 0));
    return Number.isSafeInteger(units) ? (sign === MINUS && units > 0 ? -units : units) : Number.NaN;
  };
}

const [PLUS, MINUS, ZERO, NINE] = [43, 45, 48, 57] as const;

function wholeOf(units: number): number {
  const quantity = units / 10 ** SCALE;
  return Number.isInteger(quantity) && Math.abs(quantity) <= INTEGER_MAX ? quantity : Number.NaN;
}

const INTEGER_MAX = 2 ** 31 - 1;
const DOCUMENT_CHARACTERS_MAX = 100;
/** An SKU has 64, some of which are the prefix. */
const CODE_CHARACTERS_MAX = 50;

/** Why a row that would be taken cannot be. Names the column as the file does, and what it holds. */
function faultOf(
  row: Reading,
  exact: number,
  time: LocalTime | undefined,
  region: string | undefined,
  { columns, dates, numbers }: Mapping,
  at: Positions,
  fields: readonly string[],
): string | undefined {
  const holds = (field: Field) => {
    const position = at[field];
    const written = position === undefined ? '' : (fields[position] ?? '');
    return `${columns[field] ?? field} is ${JSON.stringify(written.slice(0, 60))}`;
  };
  if (row.document === '') return `${holds('document')}: a row of an order needs its number`;
  if (row.document.length > DOCUMENT_CHARACTERS_MAX) return `${holds('document')}: too long for a number`;
  if (row.code === '') return `${holds('code')}: a row of an order needs a code`;
  if (row.code.length > CODE_CHARACTERS_MAX) return `${holds('code')}: too long for a code`;
  if (Number.isNaN(row.quantity)) return `${holds('quantity')}, which is no whole number`;
  for (const field of ['unitPrice', 'discount', 'unitCost'] as const) {
    if (!Number.isNaN(row[field] ?? 0)) continue;
    return `${holds(field)}, which is no amount with "${numbers.decimal}" and at most ${SCALE} decimals`;
  }
  if (!Number.isSafeInteger(exact))
    return `${holds('unitPrice')}: the line is worth more than can be counted exactly`;
  const cost = row.unitCost ?? 0;
  if (cost < 0 || !Number.isSafeInteger(row.quantity * cost))
    return `${holds('unitCost')}, which is no cost of a unit`;
  if (!time) return `${holds('time')}, which is no time of the form ${dates.format}`;
  if (region === undefined) return `${holds('region')}, which is no country: add it to regions.names`;
  return undefined;
}

/** From ten-thousandths to the currency's minor unit, half to even. */
function minorUnits(currency: string): (exact: number) => number {
  const divisor = 10 ** (SCALE - decimalsOf(currency));
  return (exact) =>
    exact % divisor === 0 ? exact / divisor : Number(divideHalfEven(BigInt(exact), BigInt(divisor)));
}

type Predicate = (row: Reading) => boolean;

const anyOf = (alternatives: Condition[][]): Predicate => {
  const [first, ...others] = alternatives.map(allOf);
  if (!first) return () => false;
  return others.length === 0 ? first : (row) => first(row) || others.some((holds) => holds(row));
};

function allOf(conditions: Condition[]): Predicate {
  const [first, ...others] = conditions.map(predicateOf);
  if (!first) return () => true;
  return others.length === 0 ? first : (row) => first(row) && others.every((holds) => holds(row));
}

function predicateOf(condition: Condition): Predicate {
  const { field, matches, in: among, equals, lt, gt, empty } = condition;
  if (isOfNumbers(field)) {
    const scale = field === 'quantity' ? 1 : 10 ** SCALE;
    if (equals !== undefined) return (row) => row[field] === equals * scale;
    // What a row does not say is neither more nor less than anything.
    if (lt !== undefined) return (row) => (row[field] ?? Number.NaN) < lt * scale;
    if (gt !== undefined) return (row) => (row[field] ?? Number.NaN) > gt * scale;
  } else {
    if (empty !== undefined) return (row) => (row[field] === '') === empty;
    if (among !== undefined) {
      const values = new Set(among);
      return (row) => values.has(row[field]);
    }
    if (matches !== undefined) {
      const pattern = new RegExp(matches, 'u');
      return (row) => pattern.test(row[field]);
    }
  }
  throw new assert.AssertionError({ message: 'readMapping refuses a condition that does not fit its field' });
}

/** Remembers the last answer: the lines of an order have one country. */
function lastly<T>(compute: (text: string) => T): (text: string) => T {
  let lastText: string | undefined;
  let last: T;
  return (text) => {
    if (text !== lastText) {
      last = compute(text);
      lastText = text;
    }
    return last;
  };
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
