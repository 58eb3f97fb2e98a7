import type { CopyRows, CopyValue } from './copy-rows.ts';

/** The text format of COPY, which every type has. */
export function textRows(): CopyRows {
  let waiting = '';
  const take = () => {
    const taken = waiting;
    waiting = '';
    return taken;
  };
  return {
    format: '',
    add: (row) => void (waiting += copyLine(row)),
    size: () => waiting.length,
    take,
    end: take,
  };
}

/** A row in the text format of COPY. Strung together in one loop: an import makes half a million of them. */
function copyLine(row: readonly CopyValue[]): string {
  let line = '';
  for (let column = 0; column < row.length; column++) {
    const value = row[column] ?? null;
    if (column > 0) line += '\t';
    if (typeof value === 'string') line += isPlain(value) ? value : escaped(value);
    else if (typeof value === 'number') line += value;
    else line += copyText(value);
  }
  return `${line}\n`;
}

function copyText(value: Exclude<CopyValue, string | number>): string {
  if (value === null) return String.raw`\N`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return escaped(`{${value.map(arrayElement).join(',')}}`);
  return String(value);
}

const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const isPlain = (text: string) => !/[\\\t\n\r]/.test(text);
const escaped = (text: string) => text.replace(/[\\\t\n\r]/g, (character) => ESCAPED[character] ?? character);

const arrayElement = (element: string | number) =>
  typeof element === 'number' ? String(element) : `"${element.replace(/["\\]/g, String.raw`\$&`)}"`;
