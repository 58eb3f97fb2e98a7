import { render } from 'preact';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { LookCanvas } from './look-canvas.tsx';
import {
  type Act,
  begin,
  change,
  goOn,
  type History,
  type ItemPart,
  type Layout,
  layered,
  moved,
  nameOf,
  type Part,
  redo,
  type Say,
  scaled,
  sent,
  sized,
  turned,
  undo,
} from './look-layout.ts';
import { LookPicker, type Offered } from './look-picker.tsx';
import { keeper } from './look-keeping.ts';
import { LookTools } from './look-tools.tsx';

/** What the page says of the look. */
interface Given {
  id: string;
  isLive: boolean;
  sceneId: string | null;
  scene: string | null;
  items: (Omit<ItemPart, 'kind' | 'key'> & { place: number })[];
  wordings: (Omit<Extract<Part, { kind: 'words' }>, 'kind' | 'key'> & { place: number })[];
}

type Step =
  | { to: 'layout'; layout: Layout; isSameStep?: boolean }
  | { to: 'undo' }
  | { to: 'redo' }
  | { to: 'sources'; sources: readonly (string | null)[] };

function step(history: History, act: Step): History {
  if (act.to === 'undo') return undo(history);
  if (act.to === 'redo') return redo(history);
  if (act.to === 'layout') return act.isSameStep ? goOn(history, act.layout) : change(history, act.layout);
  const { parts } = history.now;
  const fresh = parts.map((part, place) => {
    const src = act.sources[place];
    return part.kind === 'item' && src ? { ...part, src } : part;
  });
  return goOn(history, { ...history.now, parts: fresh });
}

const newKey = () => crypto.randomUUID();

function layoutOf({ sceneId, scene, items, wordings }: Given): Layout {
  const parts = [
    ...items.map(({ place, ...item }) => ({
      place,
      part: { ...item, kind: 'item' as const, key: newKey() },
    })),
    ...wordings.map(({ place, ...words }) => ({
      place,
      part: { ...words, kind: 'words' as const, key: newKey() },
    })),
  ];
  return { sceneId, scene, parts: parts.toSorted((a, b) => a.place - b.place).map(({ part }) => part) };
}

/** Takes the place of the ticked products in the form that the element stands in. */
export function compose(element: HTMLElement): void {
  const form = element.closest('form');
  if (!form) return;
  const given = JSON.parse(element.dataset['look'] ?? '{}') as Given;
  const words = JSON.parse(element.dataset['words'] ?? '{}') as Record<string, string>;
  const say: Say = (key, values = {}) =>
    (words[key] ?? key).replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  document.querySelector<HTMLElement>('.look-search')?.setAttribute('hidden', '');
  element.replaceChildren();
  render(<Composer form={form} given={given} say={say} />, element);
}

function Composer({ form, given, say }: { form: HTMLFormElement; given: Given; say: Say }) {
  const [history, send] = useReducer(step, begin(layoutOf(given)));
  const [selected, select] = useState<string | null>(null);
  const [said, speak] = useState('');
  const ground = useGround(form);
  const layout = history.now;
  useKeeping(form, given, layout, { say, speak, send });
  const part = layout.parts.find(({ key }) => key === selected);
  const act = (key: string, what: Act, isSameStep = false) => {
    const done = acted(layout, key, what);
    if (!done) return;
    send({ to: 'layout', layout: done, isSameStep });
    if (!isSameStep) speak(spoken(done, layout, key, what, say));
    if (what.do === 'remove')
      goTo(done.parts[Math.max(0, layout.parts.findIndex((each) => each.key === key) - 1)]);
  };
  // Whoever takes something out by key goes on from what lay below it, not from the beginning of the page.
  const goTo = (next: Part | undefined) => {
    select(next?.key ?? null);
    const place = next ? `[data-part="${next.key}"]` : '#composer-search';
    requestAnimationFrame(() => document.querySelector<HTMLElement>(place)?.focus());
  };
  const undoOrRedo = (isRedo: boolean) => {
    send({ to: isRedo ? 'redo' : 'undo' });
    speak(say(isRedo ? 'redone' : 'undone'));
  };
  const add = (added: Part, isNamed: string) => {
    send({ to: 'layout', layout: { ...layout, parts: [...layout.parts, added] } });
    select(added.key);
    speak(say('added', { name: isNamed }));
  };
  return (
    <div class="composer" onKeyDown={(event) => undoKey(event, undoOrRedo)}>
      <LookCanvas
        layout={layout}
        ground={ground}
        selected={selected}
        say={say}
        onSelect={(key) => {
          select(key);
          const chosen = layout.parts.find((each) => each.key === key);
          if (chosen) speak(say('selected', { name: nameOf(chosen) }));
        }}
        onAct={act}
        onBegin={() => send({ to: 'layout', layout })}
        onDropped={(thing, at) => add(moved(itemOf(thing, layout), at.x, at.y), thing.title)}
      />
      <LookTools
        part={part}
        layout={layout}
        say={say}
        canUndo={history.past.length > 0}
        canRedo={history.future.length > 0}
        onAct={(what) => part && act(part.key, what)}
        onUndo={undoOrRedo}
        onWords={() => add(newWords(say), say('text.new'))}
        onScene={(sceneId, scene) => send({ to: 'layout', layout: { ...layout, sceneId, scene } })}
        onSay={speak}
      />
      <LookPicker
        say={say}
        productIds={productsIn(layout)}
        onPick={(thing) => add(itemOf(thing, layout), thing.title)}
      />
      <p class="composer-said" role="status">
        {said}
      </p>
    </div>
  );
}

/** As everywhere; in a field the browser undoes what was typed. */
function undoKey(event: KeyboardEvent, undoOrRedo: (isRedo: boolean) => void): void {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || (key !== 'z' && key !== 'y')) return;
  if (event.target instanceof HTMLInputElement) return;
  event.preventDefault();
  undoOrRedo(key === 'y' || event.shiftKey);
}

const productsIn = ({ parts }: Layout): string[] => [
  ...new Set(parts.flatMap((part) => (part.kind === 'item' ? [part.productId] : []))),
];

function acted(layout: Layout, key: string, what: Act): Layout | undefined {
  const part = layout.parts.find((each) => each.key === key);
  if (!part) return undefined;
  if (what.do === 'remove') return { ...layout, parts: layout.parts.filter((each) => each !== part) };
  if (what.do === 'layer') return { ...layout, parts: layered(layout.parts, key, what.by) };
  const next = changed(part, what);
  return { ...layout, parts: layout.parts.map((each) => (each === part ? next : each)) };
}

function changed(part: Part, what: Exclude<Act, { do: 'remove' | 'layer' }>): Part {
  switch (what.do) {
    case 'move':
      return moved(part, what.x, what.y);
    case 'scale':
      return scaled(part, what.by);
    case 'size':
      return sized(part, what.to);
    case 'turn':
      return turned(part, what.by);
    case 'face':
      return turned(part, what.to - part.turn);
    case 'shape':
      return part.kind === 'item' ? { ...part, shape: what.shape } : part;
    case 'words':
      return part.kind === 'words' ? { ...part, words: what.words.slice(0, 80) } : part;
    case 'colour':
      return part.kind === 'words' ? { ...part, colour: what.colour } : part;
  }
}

/** What a screen reader is told of it. */
function spoken(after: Layout, before: Layout, key: string, what: Act, say: Say): string {
  const place = after.parts.findIndex((each) => each.key === key);
  const part = after.parts[place] ?? before.parts.find((each) => each.key === key);
  if (!part) return '';
  const name = nameOf(part);
  switch (what.do) {
    case 'move':
      return say('moved', { name, x: Math.round(part.x / 10), y: Math.round(part.y / 12.5) });
    case 'scale':
    case 'size':
      return say('scaled', { name, width: part.kind === 'item' ? part.width : part.size });
    case 'turn':
    case 'face':
      return say('turned', { name, turn: part.turn });
    case 'layer':
      return say('layered', { name, layer: place + 1, count: after.parts.length });
    case 'remove':
      return say('removed', { name });
    case 'shape':
    case 'words':
    case 'colour':
      return '';
  }
}

/** Beside what was put in before, never on the same spot. */
function itemOf({ id, title, cut, whole, ratio }: Offered, layout: Layout): ItemPart {
  const n = layout.parts.length;
  return {
    kind: 'item',
    key: newKey(),
    productId: id,
    variantId: null,
    shape: layout.sceneId ? 'hotspot' : 'cut_out',
    title,
    src: cut ?? whole,
    ratio,
    x: 260 + ((n * 240) % 560),
    y: 300 + ((n * 170) % 700),
    width: 420,
    turn: 0,
  };
}

const newWords = (say: Say): Part => ({
  kind: 'words',
  key: newKey(),
  words: say('text.new'),
  colour: '#1f1a14',
  x: 500,
  y: 120,
  size: 72,
  turn: 0,
});

/** The colour that the form's own field has. */
function useGround(form: HTMLFormElement): string {
  const field = form.elements.namedItem('ground') as HTMLInputElement;
  const [ground, setGround] = useState(field.value);
  useEffect(() => {
    const follow = () => setGround(field.value);
    field.addEventListener('input', follow);
    return () => field.removeEventListener('input', follow);
  }, [field]);
  return ground;
}

interface Keeping {
  say: Say;
  speak: (words: string) => void;
  send: (act: Step) => void;
}

/** The layout goes along with the form; a draft is kept as one works, and what the server cut out comes back. */
function useKeeping(
  form: HTMLFormElement,
  given: Given,
  layout: Layout,
  { say, speak, send }: Keeping,
): void {
  const isFirst = useRef(true);
  const keep = useRef(
    keeper(
      form,
      (sources) => send({ to: 'sources', sources }),
      (isKept) => speak(say(isKept ? (given.isLive ? 'kept.change' : 'kept') : 'failed')),
    ),
  );
  const text = sent(layout);
  useEffect(() => {
    (form.elements.namedItem('layout') as HTMLInputElement).value = text;
    if (isFirst.current) isFirst.current = false;
    else keep.current.soon();
  }, [text, form]);
  useEffect(() => {
    const soon = () => keep.current.soon();
    form.addEventListener('input', soon);
    form.addEventListener('submit', () => keep.current.stop(), { once: true });
    return () => form.removeEventListener('input', soon);
  }, [form]);
}
