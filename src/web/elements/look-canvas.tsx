import { Handles } from './look-handles.tsx';
import type { Act, Layout, Part, Say } from './look-layout.ts';
import { droppedThing, isThing, type Offered } from './look-picker.tsx';
import { follow, type Point, pointOn } from './look-pointer.ts';

interface Props {
  layout: Layout;
  ground: string;
  selected: string | null;
  say: Say;
  onSelect: (key: string | null) => void;
  onAct: (key: string, what: Act, isSameStep?: boolean) => void;
  /** Something begins to be dragged: from here on it is one step. */
  onBegin: () => void;
  /** A product was dragged here from the list. */
  onDropped: (thing: Offered, at: Point) => void;
}

const STEP = 10;
const FAR = 50;

/** The look itself: every part is reached by Tab and moved by keys, or dragged. */
export function LookCanvas(props: Props) {
  const { layout, ground, selected, say, onSelect, onDropped } = props;
  const chosen = layout.parts.find(({ key }) => key === selected);
  return (
    <svg
      class="composer-canvas"
      viewBox="0 0 1000 1250"
      role="group"
      aria-label={say('canvas')}
      aria-describedby="composer-keys"
      onPointerDown={(event) => event.target === event.currentTarget && onSelect(null)}
      onKeyDown={(event) => event.key === 'Escape' && onSelect(null)}
      onDragOver={(event) => isThing(event) && event.preventDefault()}
      onDrop={(event) => {
        const thing = droppedThing(event);
        if (!thing) return;
        event.preventDefault();
        onDropped(thing, pointOn(event.currentTarget, event));
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
      {chosen && <Handles key={`handles of ${chosen.key}`} part={chosen} {...props} />}
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
      data-part={part.key}
      aria-pressed={isSelected ? 'true' : 'false'}
      aria-label={part.kind === 'item' ? part.title : part.words}
      onFocus={() => onSelect(part.key)}
      onKeyDown={(event) => {
        const what = actOf(event, part);
        if (!what) return;
        event.preventDefault();
        onAct(part.key, what, event.repeat);
      }}
      onPointerDown={(event) =>
        follow(event, {
          onBegin,
          onMove: (at, from) =>
            onAct(part.key, { do: 'move', x: part.x + at.x - from.x, y: part.y + at.y - from.y }, true),
        })
      }
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
