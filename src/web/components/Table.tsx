import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  title: string;
  /** Figures stand right, in tabular numerals. */
  figures?: boolean;
  cell: (row: Row) => ComponentChildren;
  /** Stands under the column. */
  total?: ComponentChildren;
  /** The definition of the figure, beside its title. */
  hint?: string;
}

interface Props<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** On a phone each row is a card, its cells under each other with their columns' titles. */
  cards?: boolean;
}

/** What a browser takes from a table whose rows are laid out as cards, said again. */
const ROLES = { table: 'table', row: 'row', head: 'columnheader', first: 'rowheader', cell: 'cell' } as const;
const NO_ROLES: { [Part in keyof typeof ROLES]?: undefined } = {};

/** A dense table: the head stays in sight, the totals stand below, the first cell names its row. */
export function Table<Row>({ caption, columns, rows, rowKey, cards = false }: Props<Row>) {
  const roles = cards ? ROLES : NO_ROLES;
  const hasTotals = columns.some((column) => column.total !== undefined);
  return (
    <div class="table-frame" role="region" aria-label={caption} tabIndex={0}>
      <table class={cards ? 'table table-cards' : 'table'} role={roles.table}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr role={roles.row}>
            {columns.map(({ title, figures, hint }) => (
              <th
                key={title}
                scope="col"
                role={roles.head}
                class={figures ? 'figures' : undefined}
                title={hint}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} role={roles.row}>
              {columns.map((column, index) => cellOf(column, row, index === 0, cards))}
            </tr>
          ))}
        </tbody>
        {hasTotals && (
          <tfoot>
            <tr>
              {columns.map(({ title, figures, total }) => (
                <td key={title} class={figures ? 'figures' : undefined}>
                  {total}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function cellOf<Row>({ title, figures, cell }: Column<Row>, row: Row, isFirst: boolean, cards: boolean) {
  const look = figures ? 'figures' : undefined;
  const roles = cards ? ROLES : NO_ROLES;
  if (isFirst) {
    return (
      <th key={title} scope="row" role={roles.first} class={look}>
        {cell(row)}
      </th>
    );
  }
  return (
    <td key={title} role={roles.cell} class={look} data-title={cards ? title : undefined}>
      {cell(row)}
    </td>
  );
}
