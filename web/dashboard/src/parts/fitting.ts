const widths = { narrow: 560, medium: 900, wide: 1240 };

/** A table that is narrower than 560, 900 or 1240 pixels. */
export type Narrow = keyof typeof widths;

interface Fitting {
  readonly hide?: Narrow;
  readonly isBelow?: boolean | 'whole';
  readonly isAsked?: boolean;
}

/** The columns of a table that is so wide, and those that are on the second line of its rows. */
export function linesOf<Column extends Fitting>(columns: readonly Column[], width: number) {
  const fits = (column: Column) => column.isAsked || column.hide === undefined || width >= widths[column.hide];
  return {
    shown: columns.filter(fits),
    second: width < widths.narrow ? columns.filter(column => column.isBelow && !fits(column)) : [],
  };
}
