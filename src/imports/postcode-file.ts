import type { AppError } from '#platform/errors.ts';
import {
  middlesOf,
  PLAIN_POSTCODE,
  plainPostcode,
  type PostcodePlace,
  regionOfCountry,
  UNSPECIFIED_REGION,
} from '../modules/market/index.ts';
import { importErrors } from './errors.ts';
import { rowsIn, type SeparatedFormat } from './separated.ts';

/** The columns of a sheet of one's own, in any order and among others. */
export const POSTCODE_COLUMNS = ['country', 'postcode', 'latitude', 'longitude'] as const;
type Columns = Readonly<Record<(typeof POSTCODE_COLUMNS)[number], number>>;

/**
 * The postal code files of GeoNames: tabs, twelve columns, no head (https://download.geonames.org/export/zip/readme.txt).
 * They have no quotes: a quote in a village's name is one.
 */
const GEONAMES = { columns: { country: 0, postcode: 1, latitude: 9, longitude: 10 }, fields: 12 };
const NO_QUOTE = '\0';
/** More postcodes than any country has: what is read is held in memory. */
const LINES_MAX = 2_500_000;

/** Where the postcodes of a file lie, each once: all of it is read, or none of it where a line is wrong. */
export function postcodesIn(name: string, bytes: Buffer): PostcodePlace[] {
  const [firstLine = ''] = bytes.toString('utf8', 0, 1_000).split('\n', 1);
  const sheet = new PostcodeSheet(name);
  rowsIn(name, bytes, formatOf(firstLine), sheet.take);
  return sheet.places();
}

function formatOf(firstLine: string): SeparatedFormat {
  const delimiter = ['\t', ';'].find((each) => firstLine.includes(each)) ?? ',';
  const isGeonames = delimiter === '\t' && firstLine.split('\t').length === GEONAMES.fields;
  return { delimiter, quote: isGeonames ? NO_QUOTE : '"', encoding: 'utf-8' };
}

class PostcodeSheet {
  readonly #file: string;
  readonly #places: PostcodePlace[] = [];
  #columns: Columns | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  readonly take = (fields: string[], line: number): void => {
    if (fields.every((field) => field.trim() === '')) return;
    if (this.#columns) this.#add(fields, line, this.#columns);
    else if (isGeonamesLine(fields)) this.#add(fields, line, (this.#columns = GEONAMES.columns));
    else this.#columns = this.#namedIn(fields, line);
  };

  places(): PostcodePlace[] {
    if (this.#places.length === 0)
      throw importErrors.bad_file({ file: this.#file, detail: 'it has no postcodes' });
    return middlesOf(this.#places);
  }

  #namedIn(fields: readonly string[], line: number): Columns {
    const names = fields.map((field) => field.trim().toLowerCase());
    const missing = POSTCODE_COLUMNS.filter((column) => !names.includes(column));
    if (missing.length > 0) throw this.#wrong(line, `there is no column ${missing.join(', ')}`);
    const at = (column: (typeof POSTCODE_COLUMNS)[number]) => names.indexOf(column);
    return {
      country: at('country'),
      postcode: at('postcode'),
      latitude: at('latitude'),
      longitude: at('longitude'),
    };
  }

  #add(fields: readonly string[], line: number, columns: Columns): void {
    if (this.#places.length >= LINES_MAX)
      throw this.#wrong(line, `a file has at most ${LINES_MAX.toLocaleString('en')} postcodes`);
    const text = (column: keyof Columns) => fields[columns[column]]?.trim() ?? '';
    const postcode = text('postcode');
    if (!PLAIN_POSTCODE.test(plainPostcode(postcode)))
      throw this.#wrong(line, `“${postcode.slice(0, 40)}” is no postcode`);
    const countryCode = text('country').toUpperCase();
    if (regionOfCountry(countryCode) === UNSPECIFIED_REGION)
      throw this.#wrong(line, `there is no country “${countryCode.slice(0, 10)}”`);
    const [latitude, longitude] = [degreesIn(text('latitude'), 90), degreesIn(text('longitude'), 180)];
    if (Number.isNaN(latitude) || Number.isNaN(longitude))
      throw this.#wrong(line, 'latitude and longitude are degrees: 52.37 and 4.90');
    this.#places.push({ countryCode, postcode, latitude, longitude });
  }

  #wrong(line: number, detail: string): AppError {
    return importErrors.bad_line({ file: this.#file, line, detail });
  }
}

const isGeonamesLine = (fields: readonly string[]) =>
  fields.length === GEONAMES.fields && /^[A-Z]{2}$/.test(fields[0] ?? '');

/** A number of degrees up to so many; NaN for what is none. */
function degreesIn(text: string, most: number): number {
  const degrees = /^[+-]?\d{1,3}(\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN;
  return Math.abs(degrees) <= most ? degrees : Number.NaN;
}
