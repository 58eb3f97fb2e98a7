import { Type } from 'typebox';
import { DENOMINATIONS } from '#modules/till/index.ts';
import { minorIn } from '../desk/stock-shell.tsx';
import { Field } from '../components/Field.tsx';
import { Table } from '../components/Table.tsx';
import type { Format } from '../format.ts';
import { say, t } from '../messages.ts';

/** A form that counts a drawer: its fields, and one for each kind of note or coin. */
export const Counting = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 40 }), {
  maxProperties: 40,
});
export type CountTyped = Record<string, string>;

export interface CountFault {
  text: string;
  field: string;
}

const PIECES_MAX = 10_000;
const fieldOf = (worth: number) => `pieces_${worth}`;

interface Counted {
  sumMinor: number;
  /** Undefined where only the sum was typed. */
  counts: Record<string, number> | undefined;
}

/** What was counted: by the piece, as a sum, or both where they agree; or what is wrong with it. */
export function countedIn(typed: CountTyped, sumField: string, currency: string): Counted | CountFault {
  const counts: Record<string, number> = {};
  for (const worth of DENOMINATIONS[currency] ?? []) {
    const text = (typed[fieldOf(worth)] ?? '').trim();
    if (text === '') continue;
    const pieces = Number(text);
    if (!/^\d{1,5}$/.test(text) || pieces > PIECES_MAX)
      return { field: fieldOf(worth), text: t('till.pieces.error', { max: PIECES_MAX }) };
    if (pieces > 0) counts[worth] = pieces;
  }
  const sumText = (typed[sumField] ?? '').trim();
  const typedMinor = sumText === '' ? undefined : minorIn(sumText, currency);
  if (sumText !== '' && typedMinor === undefined)
    return { field: sumField, text: say('till.drawer.error.amount') };
  const isByPiece = Object.keys(counts).length > 0;
  const sumMinor = isByPiece ? worthOf(counts) : typedMinor;
  if (sumMinor === undefined) return { field: sumField, text: say('till.drawer.error.amount') };
  if (typedMinor !== undefined && typedMinor !== sumMinor)
    return { field: sumField, text: say('till.pieces.differ') };
  return { sumMinor, counts: isByPiece ? counts : undefined };
}

const worthOf = (counts: Readonly<Record<string, number>>): number =>
  Object.entries(counts).reduce((sum, [worth, pieces]) => sum + Number(worth) * pieces, 0);

interface Props {
  currency: string;
  format: Format;
  typed: CountTyped | undefined;
  fault: CountFault | undefined;
}

/** How many of each note and coin; nothing where nobody knows what the currency has. */
export function PieceFields({ currency, format, typed, fault }: Props) {
  const worths = DENOMINATIONS[currency];
  if (!worths) return null;
  return (
    <fieldset class="pieces">
      <legend>{t('till.pieces')}</legend>
      {worths.map((worth) => (
        <Field
          key={worth}
          name={fieldOf(worth)}
          label={format.money(worth, currency)}
          value={typed?.[fieldOf(worth)]}
          error={fault?.field === fieldOf(worth) ? fault.text : undefined}
          required
          input={{ inputmode: 'numeric', autocomplete: 'off', maxlength: 5 }}
        />
      ))}
    </fieldset>
  );
}

interface TableProps {
  caption: string;
  counts: Readonly<Record<string, number>>;
  currency: string;
  format: Format;
}

/** What was counted by the piece, with what it comes to. */
export function PiecesTable({ caption, counts, currency, format }: TableProps) {
  const rows = Object.entries(counts)
    .map(([worth, pieces]) => ({ worth: Number(worth), pieces }))
    .toSorted((one, other) => other.worth - one.worth);
  return (
    <Table
      caption={caption}
      rows={rows}
      rowKey={({ worth }) => String(worth)}
      columns={[
        { title: t('till.pieces.worth'), cell: ({ worth }) => format.money(worth, currency) },
        { title: t('till.pieces.pieces'), figures: true, cell: ({ pieces }) => format.number(pieces) },
        {
          title: t('till.pieces.sum'),
          figures: true,
          cell: ({ worth, pieces }) => format.money(worth * pieces, currency),
          total: format.money(worthOf(counts), currency),
        },
      ]}
    />
  );
}
