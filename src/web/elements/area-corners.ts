import * as leaflet from 'leaflet';
import { linesOf, type Point, pointsIn } from './area-points.ts';
import type { Drawing } from './area-state.ts';

/** As large as a finger; what is seen of it is smaller. */
const TARGET_PX = 44;
const STEP_PX = 10;
const WIDE_STEP_PX = 50;
const STEPS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const pointOf = ({ lat, lng }: leaflet.LatLng): Point => [lat, lng];

/** The outline and its corners, each a button that is dragged, stepped along by the arrow keys, chosen, and removed. */
export function drawOutline(drawing: Drawing): void {
  const { layer, list } = drawing;
  const points = pointsIn(list.value);
  const shape = leaflet.polygon([...points], { className: 'area-shape', interactive: false }).addTo(layer);
  drawing.corners = points.map((_point, index) => corner(drawing, shape, points, index));
}

function corner(
  drawing: Drawing,
  shape: leaflet.Polygon,
  points: readonly Point[],
  index: number,
): leaflet.Marker {
  const { layer, words, acts, say, draw } = drawing;
  const name = words.point.replace('#number', String(index + 1));
  const icon = leaflet.divIcon({ className: 'area-point', iconSize: [TARGET_PX, TARGET_PX] });
  const marker = leaflet.marker(points[index] ?? [0, 0], { icon, draggable: true, title: name }).addTo(layer);
  const isChosen = drawing.chosen === index;
  marker.getElement()?.setAttribute('aria-label', name);
  marker.getElement()?.setAttribute('aria-pressed', String(isChosen));
  const moved = () => points.with(index, pointOf(marker.getLatLng().wrap()));
  const tellMoved = () => {
    const place = linesOf([pointOf(marker.getLatLng().wrap())]);
    say(words.moved, { number: index + 1, place });
  };
  marker.on('drag', () => shape.setLatLngs(moved()));
  marker.on('dragend', () => {
    drawing.chosen = index;
    acts.put(linesOf(moved()));
    draw();
    tellMoved();
  });
  marker.on('click', () => {
    choose(drawing, index);
    say(words.chosen, { number: index + 1 });
  });
  marker.on('keydown', ({ originalEvent: event }) => {
    const step = STEPS[event.key];
    if (!step && event.key !== 'Delete' && event.key !== 'Backspace') return;
    // The page scrolls and the map pans by the same keys.
    event.preventDefault();
    event.stopPropagation();
    if (!step) return removeCorner(drawing, index);
    const px = event.shiftKey ? WIDE_STEP_PX : STEP_PX;
    stepAlong(drawing.map, marker, [step[0] * px, step[1] * px]);
    shape.setLatLngs(moved());
    choose(drawing, index);
    acts.put(linesOf(moved()), `step ${index}`);
    tellMoved();
  });
  marker.getElement()?.addEventListener('blur', () => acts.end());
  return marker;
}

/** The map follows a corner that leaves what is seen of it. */
function stepAlong(map: leaflet.Map, marker: leaflet.Marker, by: [number, number]): void {
  // Not by points of the screen, which are whole: what is stepped sideways stays on its latitude.
  marker.setLatLng(map.unproject(map.project(marker.getLatLng()).add(by)));
  map.panInside(marker.getLatLng(), { padding: [TARGET_PX, TARGET_PX], animate: false });
}

export function choose(drawing: Drawing, index: number): void {
  drawing.chosen = index;
  for (const [each, marker] of drawing.corners.entries())
    marker.getElement()?.setAttribute('aria-pressed', String(each === index));
}

/** Whoever removes one by its keys goes on with the one before it. */
export function removeCorner(drawing: Drawing, index: number | undefined): void {
  const { list, words, acts, say, draw, map, corners } = drawing;
  const points = pointsIn(list.value);
  if (index === undefined || index >= points.length) return say(words.none, {});
  const hadFocus = corners.some((marker) => marker.getElement() === document.activeElement);
  acts.put(linesOf(points.toSpliced(index, 1)));
  drawing.chosen = undefined;
  draw();
  if (hadFocus) (drawing.corners[Math.max(0, index - 1)]?.getElement() ?? map.getContainer()).focus();
  say(words.removed, { number: index + 1, count: points.length - 1 });
}
