import type { Act, Part } from './look-layout.ts';
import { follow, type Point } from './look-pointer.ts';

interface Props {
  part: Part;
  onAct: (key: string, what: Act, isSameStep?: boolean) => void;
  onBegin: () => void;
}

/** How far from the frame the turning handle stands, and how large a handle is for a finger and for the eye. */
const ARM = 70;
const GRASP = 36;
const SEEN = 14;
/** So near to upright, level or overhead a turn snaps. */
const SNAP = 4;

const pen = document.createElement('canvas').getContext('2d');

/** The frame of a part around its own middle. */
export function frameOf(part: Part): { width: number; height: number } {
  if (part.kind === 'item') return { width: part.width, height: part.width * part.ratio };
  if (pen) pen.font = `${part.size}px Fraunces, Georgia, serif`;
  const width = pen?.measureText(part.words).width ?? part.size * part.words.length * 0.5;
  return { width: width + part.size * 0.3, height: part.size * 1.25 };
}

/** For the pointer what plus and minus and the brackets are for the keys: corners that scale, and an arm that turns. */
export function Handles({ part, onAct, onBegin }: Props) {
  if (part.kind === 'item' && part.shape === 'hotspot') return null;
  const { width, height } = frameOf(part);
  const arm = part.y - height / 2 > ARM + SEEN ? -height / 2 - ARM : height / 2 + ARM;
  const distance = ({ x, y }: Point) => Math.hypot(x - part.x, y - part.y);
  const scale = (event: PointerEvent) => {
    const size = part.kind === 'item' ? part.width : part.size;
    follow(event, {
      onBegin,
      onMove: (at, from) =>
        onAct(part.key, { do: 'size', to: (size * distance(at)) / Math.max(1, distance(from)) }, true),
    });
  };
  const turn = (event: PointerEvent) =>
    follow(event, {
      onBegin,
      onMove: (at, from) =>
        onAct(part.key, { do: 'face', to: snapped(part.turn + angle(at, part) - angle(from, part)) }, true),
    });
  return (
    <g transform={`translate(${part.x} ${part.y}) rotate(${part.turn})`} aria-hidden="true">
      <rect
        class="composer-outline"
        x={-width / 2}
        y={-height / 2}
        width={width}
        height={height}
        pointer-events="none"
      />
      {CORNERS.map(([right, down]) => (
        <g
          key={`${right} ${down}`}
          class={`composer-handle ${right === down ? 'falling' : 'rising'}`}
          transform={`translate(${(right * width) / 2} ${(down * height) / 2})`}
          onPointerDown={scale}
        >
          <circle class="composer-grasp" r={GRASP} />
          <circle r={SEEN} />
        </g>
      ))}
      <line class="composer-outline" y1={Math.sign(arm) * (height / 2)} y2={arm} pointer-events="none" />
      <g class="composer-handle turning" transform={`translate(0 ${arm})`} onPointerDown={turn}>
        <circle class="composer-grasp" r={GRASP} />
        <circle r={SEEN} />
      </g>
    </g>
  );
}

const CORNERS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;

const angle = (at: Point, middle: Point) => (Math.atan2(at.y - middle.y, at.x - middle.x) * 180) / Math.PI;

function snapped(degrees: number): number {
  const nearest = Math.round(degrees / 90) * 90;
  return Math.abs(degrees - nearest) < SNAP ? nearest : degrees;
}
