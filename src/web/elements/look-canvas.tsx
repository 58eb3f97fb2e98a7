import type { Act, Layout, Part, Say } from './look-layout.ts';

interface Props {
  layout: Layout;
  ground: string;
  selected: string | null;
  say: Say;
  onSelect: (key: string | null) => void;
  onAct: (key: string, what: Act, isSameStep?: boolean) => void;
  /** Something begins to be dragged: from here on it is one step. */
  onBegin: () => void;
  onUndo: (isRedo: boolean) => void;
}

const STEP = 10;
const FAR = 50;

/** The look itself: every part is reached by Tab and moved by keys, or dragged. */
export function LookCanvas(props: Props) {
  const { layout, ground, selected, say, onSelect, onUndo } = props;
  return (
    <svg
      class="composer-canvas"
      viewBox="0 0 1000 1250"
      role="group"
      aria-label={say('canvas')}
      onPointerDown={(event) => event.target === event.currentTarget && onSelect(null)}
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || !'zy'.includes(event.key.toLowerCase())) return;
        event.preventDefault();
        onUndo(event.key.toLowerCase() === 'y' || event.shiftKey);
      }}
    >
      <rect width="1000" height="1250" fill={ground} pointer-events="none" />
      {layout.scene && (
        <image
          href={layout.scene}
          width="1000"
          height="1250"
          preserveAspectRatio="xMidYMid slice"
          pointer-events="none"
        />
      )}
      {layout.parts.map((part) => (
        <PartView key={part.key} part={part} isSelected={part.key === selected} {...props} />
      ))}
    </svg>
  );
}

function PartView({
  part,
  isSelected,
  onSelect,
  onAct,
  onBegin,
}: Props & { part: Part; isSelected: boolean }) {
  return (
    <g
      class={`composer-part${isSelected ? ' selected' : ''}`}
      transform={`translate(${part.x} ${part.y}) rotate(${part.turn})`}
      tabIndex={0}
      role="button"
      aria-pressed={isSelected ? 'true' : 'false'}
      aria-label={part.kind === 'item' ? part.title : part.words}
      onFocus={() => onSelect(part.key)}
      onKeyDown={(event) => {
        const what = actOf(event, part);
        if (!what) return;
        event.preventDefault();
        onAct(part.key, what);
      }}
      onPointerDown={(event) => drag(event, part, { onAct, onBegin })}
    >
      <Drawn part={part} />
    </g>
  );
}

function Drawn({ part }: { part: Part }) {
  if (part.kind === 'words')
    return (
      <text font-size={part.size} fill={part.colour} text-anchor="middle" dominant-baseline="central">
        {part.words}
      </text>
    );
  if (part.shape === 'hotspot')
    return (
      <>
        <circle r="34" class="composer-spot" />
        <circle r="12" class="composer-spot-middle" />
      </>
    );
  const height = part.width * part.ratio;
  const box = { x: -part.width / 2, y: -height / 2, width: part.width, height };
  return (
    <>
      <image href={part.src ?? ''} {...box} />
      <rect {...box} class="composer-frame" />
    </>
  );
}

/** What a key does to the part that has the focus. */
function actOf(event: KeyboardEvent, { x, y }: Part): Act | undefined {
  const by = event.shiftKey ? FAR : STEP;
  switch (event.key) {
    case 'ArrowLeft':
      return { do: 'move', x: x - by, y };
    case 'ArrowRight':
      return { do: 'move', x: x + by, y };
    case 'ArrowUp':
      return { do: 'move', x, y: y - by };
    case 'ArrowDown':
      return { do: 'move', x, y: y + by };
    case '+':
    case '=':
      return { do: 'scale', by: 1.05 };
    case '-':
      return { do: 'scale', by: 1 / 1.05 };
    case '[':
      return { do: 'turn', by: -5 };
    case ']':
      return { do: 'turn', by: 5 };
    case 'PageUp':
      return { do: 'layer', by: 1 };
    case 'PageDown':
      return { do: 'layer', by: -1 };
    case 'Delete':
    case 'Backspace':
      return { do: 'remove' };
    default:
      return undefined;
  }
}

/** Follows the pointer until it is let go, in the canvas's units. */
function drag(event: PointerEvent, part: Part, { onAct, onBegin }: Pick<Props, 'onAct' | 'onBegin'>): void {
  const target = event.currentTarget as SVGGElement;
  const canvas = target.ownerSVGElement;
  if (!canvas || event.button !== 0) return;
  const unit = 1000 / canvas.getBoundingClientRect().width;
  const start = { x: event.clientX, y: event.clientY };
  let isMoving = false;
  target.setPointerCapture(event.pointerId);
  const follow = (move: PointerEvent) => {
    const [dx, dy] = [(move.clientX - start.x) * unit, (move.clientY - start.y) * unit];
    if (!isMoving && Math.hypot(dx, dy) < 6) return;
    if (!isMoving) onBegin();
    isMoving = true;
    onAct(part.key, { do: 'move', x: part.x + dx, y: part.y + dy }, true);
  };
  const end = () => target.removeEventListener('pointermove', follow);
  target.addEventListener('pointermove', follow);
  target.addEventListener('pointerup', end, { once: true });
  target.addEventListener('pointercancel', end, { once: true });
}
