import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Currency, exactly } from '#platform/schema.ts';
import { importErrors } from './errors.ts';
import { datePattern } from './local-time.ts';

const Pattern = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'A regular expression of JavaScript',
});
const Text = Type.String({ minLength: 1, maxLength: 300 });

/** What a row can say. The mapping names the column that says it. */
const perField = <Schema extends TSchema>(schema: Schema) => ({
  document: Type.Optional(schema),
  code: Type.Optional(schema),
  title: Type.Optional(schema),
  quantity: Type.Optional(schema),
  time: Type.Optional(schema),
  unitPrice: Type.Optional(schema),
  discount: Type.Optional(schema),
  unitCost: Type.Optional(schema),
  customer: Type.Optional(schema),
  region: Type.Optional(schema),
});
export type Field = keyof ReturnType<typeof perField>;
const FIELDS = Object.keys(perField(Text)) as Field[];
/** Those that are numbers; all others are text. */
export const NUMBER_FIELDS = [
  'quantity',
  'unitPrice',
  'discount',
  'unitCost',
] as const satisfies readonly Field[];
export type NumberField = (typeof NUMBER_FIELDS)[number];
export const isOfNumbers = (field: Field): field is NumberField =>
  NUMBER_FIELDS.some((each) => each === field);
/** Without these a row is no line of an order. */
const REQUIRED: readonly Field[] = ['document', 'code', 'time', 'unitPrice'];

const Condition = Type.Object(
  {
    field: Type.Enum(FIELDS),
    matches: Type.Optional(Pattern),
    in: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    equals: Type.Optional(Type.Number()),
    lt: Type.Optional(Type.Number()),
    gt: Type.Optional(Type.Number()),
    empty: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 2, maxProperties: 2 },
);
const When = Type.Array(Condition, { minItems: 1, description: 'All of these hold' });
const LINE_KINDS = ['goods', 'postage', 'discount', 'fee', 'voucher', 'adjustment'] as const;

/** `exactly`, with everything in it optional or of a default, so that the whole may be left out. */
const optionally = <Properties extends Record<string, TSchema>>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false, default: {} });

/** The form of a mapping: how one system's export reads as products, customers, orders and returns. */
export const MappingSchema = exactly({
  $schema: Type.Optional(Type.String()),
  source: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
  title: Type.Optional(Text),
  prefix: Type.String({
    pattern: '^[A-Z0-9][A-Z0-9-]{0,11}$',
    description: 'Stands before its order numbers and SKUs',
  }),
  currency: Currency,
  touchpoint: Type.String({
    default: 'web',
    pattern: '^(web|app|till|embed|service|agent|network:[a-z0-9-]{1,40}|marketplace:[a-z0-9-]{1,40})$',
  }),
  file: optionally({
    delimiter: Type.Enum([',', ';', '\t', '|'], { default: ',' }),
    quote: Type.Enum(['"', "'"], { default: '"' }),
    encoding: Type.Enum(['utf-8', 'windows-1252'], { default: 'utf-8' }),
  }),
  columns: exactly(perField(Text)),
  defaults: optionally(perField(Text)),
  clean: optionally(
    perField(exactly({ remove: Type.Optional(Pattern), case: Type.Optional(Type.Enum(['upper', 'lower'])) })),
  ),
  numbers: optionally({
    decimal: Type.Enum(['.', ','], { default: '.' }),
    group: Type.Enum(['', ',', '.', ' ', "'"], { default: '' }),
  }),
  dates: exactly({
    format: Type.String({
      minLength: 4,
      maxLength: 60,
      description: 'yyyy yy MM M dd d HH H hh h mm ss a XXX',
    }),
    timeZone: Type.String({ description: 'IANA name; the days that orders count for are days there' }),
  }),
  returns: Type.Array(exactly({ when: When }), { default: [] }),
  setAside: Type.Array(exactly({ reason: Text, when: When }), { default: [] }),
  kinds: Type.Array(exactly({ kind: Type.Enum(LINE_KINDS), when: When }), { default: [] }),
  regions: optionally({
    names: Type.Record(Type.String(), Type.String({ pattern: '^([A-Z]{2}|x-[a-z-]{2,40})$' }), {
      default: {},
    }),
    unknown: Type.Enum(['refuse', 'set-aside'], { default: 'refuse' }),
  }),
  products: optionally({
    publish: Type.Enum(['always', 'where-sold', 'never'], { default: 'where-sold' }),
    titleCase: Type.Boolean({ default: false }),
    keepWritten: Type.Array(Text, { default: [] }),
    remarks: Type.Array(Pattern, { default: [] }),
  }),
});
export type Mapping = Static<typeof MappingSchema>;
export type Condition = Static<typeof Condition>;
export type LineKind = (typeof LINE_KINDS)[number];

const MAPPINGS = join(import.meta.dirname, 'mappings');

/** Reads a mapping: one of ours by its name, or a file of the retailer's own by its path. */
export function readMapping(nameOrPath: string): Mapping {
  const ours = join(MAPPINGS, `${nameOrPath}.json`);
  const isName = /^[a-z0-9-]+$/.test(nameOrPath);
  const file = isName && existsSync(ours) ? ours : nameOrPath;
  const refuse = (detail: string) => importErrors.bad_mapping({ file, detail });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw refuse((error as Error).message);
    throw refuse('there is no such mapping: give the name of one of ours or the path of a JSON file');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refuse(`it is no JSON: ${(error as Error).message}`);
  }
  const mapping = Value.Default(MappingSchema, json);
  if (!Value.Check(MappingSchema, mapping)) throw refuse(faultsOf(mapping).join('; '));
  const fault = senseOf(mapping);
  if (fault) throw refuse(fault);
  return mapping;
}

/** Each fault with the place it is at, as in `dates.timeZone must have required property`. */
function faultsOf(value: unknown): string[] {
  const errors = Value.Errors(MappingSchema, value).filter(({ message }) => message !== 'schema is false'); // said twice
  return errors.map((error) => {
    const place = error.instancePath.slice(1).replaceAll('/', '.') || 'the mapping';
    const { params } = error as { params?: Record<string, unknown> };
    const named = params?.['additionalProperties'] ?? params?.['allowedValues'];
    return `${place} ${error.message}${Array.isArray(named) ? ` (${named.join(', ')})` : ''}`;
  });
}

/** What the schema cannot say. */
function senseOf(mapping: Mapping): string | undefined {
  const { columns, defaults, dates, numbers } = mapping;
  const missing = REQUIRED.filter((field) => columns[field] === undefined);
  if (missing.length > 0) return `columns must name a column for ${missing.join(', ')}`;
  if (columns.region === undefined && defaults.region === undefined) {
    return 'columns or defaults must say the region: the country where the customer is';
  }
  if (numbers.decimal === numbers.group) return 'numbers.decimal and numbers.group are the same character';
  if (!isTimeZone(dates.timeZone)) return `dates.timeZone is no IANA time zone: ${dates.timeZone}`;
  const pattern = datePattern(dates.format);
  if (typeof pattern === 'string') return pattern;
  const unfit = conditionsOf(mapping).find((condition) => !fits(condition));
  if (unfit) return `a condition does not fit its field: ${JSON.stringify(unfit)}`;
  const broken = patternsOf(mapping).find((pattern) => !isPattern(pattern));
  if (broken !== undefined) return `this is no regular expression: ${broken}`;
  return undefined;
}

const conditionsOf = ({ returns, setAside, kinds }: Mapping): Condition[] =>
  [...returns, ...setAside, ...kinds].flatMap(({ when }) => when);

/** `lt`, `gt` and `equals` compare numbers; the others look at text. */
function fits({ field, equals, lt, gt }: Condition): boolean {
  return isOfNumbers(field) === (equals !== undefined || lt !== undefined || gt !== undefined);
}

function patternsOf(mapping: Mapping): string[] {
  const { clean, products } = mapping;
  const cleanings = Object.values(clean).map(({ remove }) => remove);
  return [...conditionsOf(mapping).map(({ matches }) => matches), ...cleanings, ...products.remarks].filter(
    (pattern) => pattern !== undefined,
  );
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
