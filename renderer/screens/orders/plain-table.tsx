import type { ReactElement, ReactNode } from 'react';
import tables from './tables.module.css';

export type PlainTableProps = {
  /** What stands above each column. */
  readonly heads: readonly string[];
  /** The first cell names its row. */
  readonly rows: readonly { readonly key: string | number; readonly cells: readonly ReactNode[] }[];
  readonly numeric?: boolean;
};

/** A few rows whose texts may be long: all of them are drawn, and printed. */
export function PlainTable({ heads, rows, numeric = false }: PlainTableProps): ReactElement {
  return (
    <table className={tables.plain} data-numeric={numeric}>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells: [name, ...cells] }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            {cells.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column.
              <td key={index}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** As `PlainTable`, in a place of its own that scrolls. */
export function ScrolledTable({ label, ...table }: PlainTableProps & { label: string }): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys.
    <section className={tables.scrolled} aria-label={label} tabIndex={0}>
      <PlainTable {...table} />
    </section>
  );
}
