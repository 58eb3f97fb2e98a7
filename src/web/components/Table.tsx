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
}

/** A dense table: the head stays in sight, the totals stand below, the first cell names its row. */
export function Table<Row>({ caption, columns, rows, rowKey }: Props<Row>) {
  const hasTotals = columns.some((column) => column.total !== undefined);
  return (
    <div class="table-frame" role="region" aria-label={caption} tabIndex={0}>
      <table class="table">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, figures, hint }) => (
              <th key={title} scope="col" class={figures ? 'figures' : undefined} title={hint}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>{columns.map((column, index) => cellOf(column, row, index === 0))}</tr>
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

function cellOf<Row>({ title, figures, cell }: Column<Row>, row: Row, isFirst: boolean) {
  const look = figures ? 'figures' : undefined;
  if (isFirst) {
    return (
      <th key={title} scope="row" class={look}>
        {cell(row)}
      </th>
    );
  }
  return (
    <td key={title} class={look}>
      {cell(row)}
    </td>
  );
}
