import { cellToBoundary, isValidCell, latLngToCell } from 'h3-js';
import * as leaflet from 'leaflet';
import 'leaflet/dist/leaflet.css';
import { feature } from 'topojson-client';
import world from 'world-atlas/countries-50m.json' with { type: 'json' };
import { actsOn } from './area-acts.ts';
import { drawOutline, removeCorner } from './area-corners.ts';
import type { Drawing, Words } from './area-state.ts';
import { cellsIn, linesOf, placeFor, type Point, pointsIn } from './area-points.ts';

const EUROPE: Point[] = [
  [36, -10],
  [66, 30],
];
const isDrawn = (how: string) => how === 'outline' || how === 'cells';

/** Puts a map above the list of an area's parts. The list is the truth: the map shows it, and writes into it. */
export function drawArea(place: HTMLElement): void {
  const list = place.querySelector<HTMLTextAreaElement>('textarea[name=parts]');
  const how = place.querySelector<HTMLSelectElement>('select[name=by]');
  const above = list?.closest('.field');
  if (!list || !how || !above) return;
  const words = JSON.parse(place.dataset['words'] ?? '{}') as Words;
  const hint = Object.assign(document.createElement('p'), { className: 'hint' });
  const ground = Object.assign(document.createElement('div'), { className: 'area-ground' });
  ground.setAttribute('role', 'group');
  ground.setAttribute('aria-label', words.label);
  const size = sizeField(words.size);
  const status = Object.assign(document.createElement('p'), { className: 'soft area-said' });
  status.setAttribute('role', 'status');
  const frame = Object.assign(document.createElement('div'), { className: 'area-map' });
  const map = leaflet.map(ground, { zoomSnap: 0.5, worldCopyJump: true });
  const drawing: Drawing = {
    map,
    layer: leaflet.layerGroup(),
    list,
    how,
    size: size.input,
    words,
    acts: actsOn(list, how),
    corners: [],
    chosen: undefined,
    say: (text, facts) => {
      status.textContent = text.replaceAll(/#(number|place|count)/g, (_whole, name: string) =>
        String(Reflect.get(facts, name) ?? ''),
      );
    },
    draw: () => redraw(drawing),
  };
  const row = tools(drawing, () => show());
  frame.append(hint, size.label, ground, status, row.element);
  above.before(frame);
  putGround(map, place.dataset['tiles'], place.dataset['credit']);
  drawing.layer.addTo(map);
  const show = () => {
    const isCells = how.value === 'cells';
    frame.hidden = !isDrawn(how.value);
    hint.textContent = isCells ? words.cells : words.outline;
    size.label.hidden = !isCells;
    row.add.textContent = isCells ? words.take : words.add;
    row.remove.hidden = isCells;
    map.invalidateSize();
    drawing.chosen = undefined;
    redraw(drawing);
  };
  how.addEventListener('change', show);
  list.addEventListener('input', () => {
    drawing.chosen = undefined;
    redraw(drawing);
  });
  map.on('click', ({ latlng }) => clicked(drawing, latlng));
  ground.addEventListener('keydown', (event) => keyed(drawing, event, show));
  show();
  showAll(drawing);
}

/** The map itself has the focus: arrows pan it, and what is done is done in its middle. */
function keyed(drawing: Drawing, event: KeyboardEvent, show: () => void): void {
  if (event.key === 'z' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    takeBack(drawing, show);
  } else if (event.target === event.currentTarget && (event.key === 'Enter' || event.key === ' ')) {
    event.preventDefault();
    clicked(drawing, drawing.map.getCenter());
  }
}

function takeBack(drawing: Drawing, show: () => void): void {
  const { acts, say, words, corners, map } = drawing;
  const hadFocus = corners.some((marker) => marker.getElement() === document.activeElement);
  const isDone = acts.takeBack();
  if (isDone) show();
  if (isDone && hadFocus) map.getContainer().focus();
  say(isDone ? words.undone : words.nothing, {});
}

function sizeField(text: string): { label: HTMLLabelElement; input: HTMLInputElement } {
  const label = Object.assign(document.createElement('label'), { className: 'area-size' });
  const input = Object.assign(document.createElement('input'), {
    type: 'number',
    min: '3',
    max: '8',
    value: '5',
  });
  label.append(text, input);
  return { label, input };
}

function tools(drawing: Drawing, show: () => void) {
  const element = Object.assign(document.createElement('div'), { className: 'actions area-tools' });
  const { words, acts, say, map } = drawing;
  const button = (text: string, act: () => void) => {
    const made = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'button plain',
      textContent: text,
    });
    made.addEventListener('click', act);
    element.append(made);
    return made;
  };
  const add = button(words.add, () => clicked(drawing, map.getCenter()));
  const remove = button(words.remove, () => removeCorner(drawing, drawing.chosen));
  button(words.undo, () => takeBack(drawing, show));
  button(words.clear, () => {
    acts.put('');
    drawing.chosen = undefined;
    redraw(drawing);
    say(words.cleared, {});
  });
  button(words.show, () => showAll(drawing));
  return { element, add, remove };
}

/** Countries by their outlines; streets where somebody serves pictures of them. */
function putGround(map: leaflet.Map, tiles: string | undefined, credit = ''): void {
  if (tiles) leaflet.tileLayer(tiles, { attribution: credit, maxZoom: 19 }).addTo(map);
  const countries = feature(world, world.objects.countries);
  leaflet
    .geoJSON(countries, { interactive: false, style: { className: tiles ? 'area-border' : 'area-land' } })
    .addTo(map);
  map.attributionControl.setPrefix(false);
  map.fitBounds(leaflet.latLngBounds(EUROPE));
}

function clicked(drawing: Drawing, latlng: leaflet.LatLng): void {
  const { list, how, size, acts, say, words } = drawing;
  const { lat, lng } = latlng.wrap();
  const at: Point = [lat, lng];
  if (how.value === 'cells') {
    const cell = latLngToCell(...at, Math.min(8, Math.max(3, Math.round(Number(size.value)) || 5)));
    const cells = cellsIn(list.value);
    const isTaken = cells.includes(cell);
    const next = isTaken ? cells.filter((each) => each !== cell) : [...cells, cell];
    acts.put(next.join('\n'));
    say(isTaken ? words.left : words.taken, { count: next.length });
  } else if (how.value === 'outline') {
    const points = pointsIn(list.value);
    const index = placeFor(points, at);
    drawing.chosen = index;
    acts.put(linesOf(points.toSpliced(index, 0, at)));
    say(words.added, { number: index + 1, place: linesOf([at]), count: points.length + 1 });
  }
  redraw(drawing);
}

function redraw(drawing: Drawing): void {
  const { layer, list, how } = drawing;
  layer.clearLayers();
  drawing.corners = [];
  if (how.value === 'cells') {
    for (const cell of cellsIn(list.value).filter((each) => isValidCell(each)))
      leaflet.polygon(cellToBoundary(cell), { className: 'area-shape', interactive: false }).addTo(layer);
  }
  if (how.value === 'outline') drawOutline(drawing);
}

function showAll({ map, layer, list, how }: Drawing): void {
  const all =
    how.value === 'cells'
      ? cellsIn(list.value)
          .filter((each) => isValidCell(each))
          .flatMap((cell) => cellToBoundary(cell))
      : pointsIn(list.value);
  if (all.length > 0 && layer) map.fitBounds(leaflet.latLngBounds(all), { maxZoom: 12, padding: [24, 24] });
}
