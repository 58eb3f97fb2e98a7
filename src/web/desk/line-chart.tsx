import { max, min } from 'd3-array';
import { scaleLinear, scalePoint } from 'd3-scale';
import { area, line } from 'd3-shape';

interface Point {
  /** The day, `YYYY-MM-DD`. */
  day: string;
  /** Null for a day that has not begun. */
  value: number | null;
  before?: number | null | undefined;
  /** Where the value was to be expected. */
  low?: number | undefined;
  high?: number | undefined;
  /** Said when the pointer rests on the day. */
  title: string;
  href?: string | undefined;
}

interface Props {
  /** What the picture shows, for who can't see it. */
  label: string;
  points: readonly Point[];
  /** Written at the end of each line. */
  names: { value: string; before: string };
  tick: (value: number) => string;
  dayTick: (day: string) => string;
  /** The day that is not over. */
  today?: string | undefined;
}

const SIZE = { width: 1000, height: 100 }; // stretched to the room there is; the words beside it are not
const DAY_TICKS = 7;
/** More days than that are too narrow to point at. */
const LINKED_DAYS_MAX = 100;
/** Names closer than this share of the height would cover each other. */
const NAME_GAP = 9;

/** A line by day with the period before it in soft ink, drawn on the server. */
export function LineChart({ label, points, names, tick, dayTick, today }: Props) {
  const known = points.flatMap(valuesIn);
  const days = points.map(({ day }) => day);
  const x = scalePoint(days, [0, SIZE.width]);
  // Zero is always on the picture: a line that floats says nothing about how much.
  const y = scaleLinear([Math.min(0, min(known) ?? 0), max(known) || 1], [SIZE.height, 0]).nice(4);
  const at = (day: string) => x(day) ?? 0;
  // The day that runs is a dot of its own: a line to it would look like a fall.
  const over = points.filter(({ day }) => day !== today);
  const drawn = (of: Of) =>
    line<Point>(
      (point) => at(point.day),
      (point) => y(of(point) ?? 0),
    )
      .defined((point) => typeof of(point) === 'number')
      .digits(1)(over) ?? '';
  const todays = points.find(({ day }) => day === today);
  return (
    <figure class="chart">
      <div class="chart-plot" role="group" aria-label={label}>
        <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} preserveAspectRatio="none">
          {y.ticks(4).map((value) => (
            <line
              key={value}
              class={value === 0 ? 'chart-zero' : 'chart-rule'}
              x2={SIZE.width}
              y1={y(value)}
              y2={y(value)}
            />
          ))}
          <path class="chart-band" d={bandOf(over, at, y)} />
          <path class="chart-before" d={drawn(beforeOf)} />
          <path class="chart-now" d={drawn(valueOf)} />
          {points.length <= LINKED_DAYS_MAX && <Days points={points} at={at} />}
        </svg>
        {y.ticks(4).map((value) => (
          <span key={value} class="chart-tick" style={`top:${percent(y(value), SIZE.height)}`}>
            {tick(value)}
          </span>
        ))}
        {dayTicks(days).map((day, index) => (
          <span
            key={day}
            class="chart-day"
            data-minor={index % 2 ? '' : undefined}
            style={`left:${percent(at(day), SIZE.width)}`}
          >
            {dayTick(day)}
          </span>
        ))}
        {todays && (
          <Dot look="chart-today" left={at(todays.day)} top={y(todays.value ?? 0)} title={todays.title} />
        )}
        {over.length === 1 &&
          over.map((only) => (
            <Dot
              key={only.day}
              look="chart-dot"
              left={at(only.day)}
              top={y(only.value ?? 0)}
              title={only.title}
            />
          ))}
        <Names names={names} value={lastOf(points, valueOf)} before={lastOf(over, beforeOf)} y={y} />
      </div>
    </figure>
  );
}

/** Where the values were to be expected; empty where nobody said. */
const bandOf = (
  points: readonly Point[],
  at: (day: string) => number,
  y: (value: number) => number,
): string =>
  area<Point>(
    (point) => at(point.day),
    (point) => y(point.low ?? 0),
    (point) => y(point.high ?? 0),
  )
    .defined(({ low, high }) => low !== undefined && high !== undefined)
    .digits(1)(points) ?? '';

const valuesIn = ({ value, before, low, high }: Point) => [value, before, low, high].map((each) => each ?? 0);

type Of = (point: Point) => number | null | undefined;
const valueOf: Of = ({ value }) => value;
const beforeOf: Of = ({ before }) => before;

function lastOf(points: readonly Point[], of: Of): number | undefined {
  const last = points.findLast((point) => typeof of(point) === 'number');
  return (last && of(last)) ?? undefined;
}

const percent = (part: number, whole: number) => `${((part / whole) * 100).toFixed(2)}%`;

function Dot({ look, left, top, title }: { look: string; left: number; top: number; title: string }) {
  return (
    <span
      class={look}
      title={title}
      style={`left:${percent(left, SIZE.width)};top:${percent(top, SIZE.height)}`}
    />
  );
}

interface NamesProps {
  names: Props['names'];
  value: number | undefined;
  before: number | undefined;
  y: (value: number) => number;
}

/** Each line's name at its end, moved apart where they would meet. */
function Names({ names, value, before, y }: NamesProps) {
  const now = y(value ?? 0);
  const then = y(before ?? 0);
  const isClose = before !== undefined && Math.abs(now - then) < NAME_GAP;
  const apart = isClose ? (now <= then ? 1 : -1) * ((NAME_GAP - Math.abs(now - then)) / 2) : 0;
  return (
    <>
      <span class="chart-name" style={`top:${percent(now - apart, SIZE.height)}`}>
        {names.value}
      </span>
      {before !== undefined && (
        <span class="chart-name chart-name-before" style={`top:${percent(then + apart, SIZE.height)}`}>
          {names.before}
        </span>
      )}
    </>
  );
}

/** A column for each day, to point at and to open. The table has the same links for the keyboard. */
function Days({ points, at }: { points: readonly Point[]; at: (day: string) => number }) {
  const width = SIZE.width / Math.max(1, points.length - 1);
  return (
    <g class="chart-days" aria-hidden="true">
      {points.map(({ day, title, href }) => {
        const area = (
          <rect x={at(day) - width / 2} width={width} height={SIZE.height}>
            <title>{title}</title>
          </rect>
        );
        return href ? (
          <a key={day} href={href} tabIndex={-1}>
            {area}
          </a>
        ) : (
          <g key={day}>{area}</g>
        );
      })}
    </g>
  );
}

function dayTicks(days: string[]): string[] {
  if (days.length <= DAY_TICKS) return days;
  const step = (days.length - 1) / (DAY_TICKS - 1);
  return Array.from({ length: DAY_TICKS }, (_, index) => days[Math.round(index * step)] ?? '');
}
