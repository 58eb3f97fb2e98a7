import { shiftDay } from '../insight/index.ts';
import type { Column } from './synthetic.ts';

export interface Panel {
  /** So many of the days lie before the decision. */
  before: number;
  columns: Column[];
}

interface Figure {
  key: string | undefined;
  day: string | undefined;
  value: number | null | undefined;
}

/** Figures day by day, without the day of the decision, from the first day on which any of them has one. */
export function panelIn(
  figures: readonly Figure[],
  { decidedOn, toDay }: { decidedOn: string; toDay: string },
): Panel {
  const known = figures.flatMap(({ key, day, value }) =>
    key !== undefined && day !== undefined && typeof value === 'number' && value > 0
      ? [{ key, day, value }]
      : [],
  );
  const first = known.reduce((least, { day }) => (day < least ? day : least), decidedOn);
  const days: string[] = [];
  for (let day = first; day <= toDay; day = shiftDay(day, 1)) if (day !== decidedOn) days.push(day);
  const columns = [...Map.groupBy(known, ({ key }) => key)].map(([region, found]) => {
    const byDay = new Map(found.map(({ day, value }) => [day, value]));
    return { region, values: days.map((day) => byDay.get(day) ?? 0) };
  });
  return { before: days.filter((day) => day < decidedOn).length, columns };
}
