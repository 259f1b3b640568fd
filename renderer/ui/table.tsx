import { type ReactElement, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import {
  Cell,
  Table as Grid,
  Column as Head,
  ResizableTableContainer,
  Row,
  TableBody,
  TableHeader,
  TableLoadMoreItem,
} from 'react-aria-components/Table';
import { TableLayout, Virtualizer } from 'react-aria-components/Virtualizer';
import styles from './table.module.css';

export type Column<T> = {
  readonly name: string;
  readonly title: string;
  /** Its part of the width: 1 when left out. */
  readonly part?: number;
  readonly numeric?: boolean;
  readonly cell: (row: T) => ReactNode;
};

export type TableProps<T> = {
  readonly label: string;
  /** The first names the row. */
  readonly columns: readonly [Column<T>, ...Column<T>[]];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string | number;
  /** Enter, or a press on a row. */
  readonly onOpen?: ((row: T) => void) | undefined;
  /** The row that is shown beside the table. */
  readonly open?: string | number | undefined;
  /** Fetches what comes after the last row; left out when that is all. */
  readonly onMore?: (() => void) | undefined;
  /** What stands where there are no rows. */
  readonly empty: string;
  /** How many rows high it is at most; it scrolls within. */
  readonly rowsShown?: number;
};

/** Rows and columns, of which only what is seen is drawn; arrows, Home, End and typing move in it. */
export function Table<T extends object>(props: TableProps<T>): ReactElement {
  const { label, columns, rows, keyOf, onOpen, open, onMore, empty, rowsShown = 12 } = props;
  const [place, rowHeight] = useRowHeight();
  const parts = columns.reduce((sum, { part = 1 }) => sum + part, 0);
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return (
    <div ref={place} className={styles.place} data-rows={Math.min(Math.max(rows.length, 2), rowsShown)}>
      {rowHeight > 0 && (
        <ResizableTableContainer className={styles.scroll ?? ''}>
          <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight, headingHeight: rowHeight }}>
            <Grid
              aria-label={label}
              className={styles.table ?? ''}
              selectionMode="none"
              onRowAction={(key) => {
                const row = byKey.get(key as string | number);
                if (row && onOpen) onOpen(row);
              }}
            >
              <TableHeader>
                {columns.map(({ name, title, part = 1, numeric }, index) => (
                  <Head
                    key={name}
                    id={name}
                    isRowHeader={index === 0}
                    // Only whole percent are understood; the last column takes what is left of them.
                    defaultWidth={index === columns.length - 1 ? '1fr' : `${Math.floor((part / parts) * 100)}%`}
                    className={styles.head ?? ''}
                    data-numeric={numeric}
                  >
                    {title}
                  </Head>
                ))}
              </TableHeader>
              <TableBody renderEmptyState={() => <p className={styles.empty}>{empty}</p>}>
                {rows.map((row) => (
                  <Row key={keyOf(row)} id={keyOf(row)} className={styles.row ?? ''} data-open={keyOf(row) === open}>
                    {columns.map(({ name, numeric, cell }) => (
                      <Cell key={name} className={styles.cell ?? ''} data-numeric={numeric}>
                        {cell(row)}
                      </Cell>
                    ))}
                  </Row>
                ))}
                {onMore && <TableLoadMoreItem onLoadMore={onMore} />}
              </TableBody>
            </Grid>
          </Virtualizer>
        </ResizableTableContainer>
      )}
    </div>
  );
}

/** Rows are as high as text asks for: a target for the hand, in pixels. */
function useRowHeight(): [React.RefObject<HTMLDivElement | null>, number] {
  const place = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    if (place.current) setHeight(Math.round(2.3 * Number.parseFloat(getComputedStyle(place.current).fontSize)));
  }, []);
  return [place, height];
}
