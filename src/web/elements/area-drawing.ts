import { cellToBoundary, isValidCell, latLngToCell } from 'h3-js';
import * as leaflet from 'leaflet';
import 'leaflet/dist/leaflet.css';
import { feature } from 'topojson-client';
import world from 'world-atlas/countries-50m.json' with { type: 'json' };
import { cellsIn, linesOf, placeFor, type Point, pointsIn } from './area-points.ts';

interface Words {
  label: string;
  outline: string;
  cells: string;
  size: string;
  undo: string;
  clear: string;
  show: string;
  point: string;
}

interface Drawing {
  map: leaflet.Map;
  layer: leaflet.LayerGroup;
  list: HTMLTextAreaElement;
  how: HTMLSelectElement;
  size: HTMLInputElement;
  words: Words;
}

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
  const frame = Object.assign(document.createElement('div'), { className: 'area-map' });
  const map = leaflet.map(ground, { zoomSnap: 0.5, worldCopyJump: true });
  const drawing = { map, layer: leaflet.layerGroup(), list, how, size: size.input, words };
  frame.append(hint, size.label, ground, tools(drawing));
  above.before(frame);
  putGround(map, place.dataset['tiles'], place.dataset['credit']);
  drawing.layer.addTo(map);
  const show = () => {
    frame.hidden = !isDrawn(how.value);
    hint.textContent = how.value === 'cells' ? words.cells : words.outline;
    size.label.hidden = how.value !== 'cells';
    map.invalidateSize();
    redraw(drawing);
  };
  how.addEventListener('change', show);
  list.addEventListener('input', () => redraw(drawing));
  map.on('click', ({ latlng }) => clicked(drawing, [latlng.lat, latlng.lng]));
  show();
  showAll(drawing);
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

function tools(drawing: Drawing): HTMLElement {
  const row = Object.assign(document.createElement('div'), { className: 'actions' });
  const { words, list } = drawing;
  const button = (text: string, act: () => void) => {
    const made = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'button plain',
      textContent: text,
    });
    made.addEventListener('click', act);
    row.append(made);
  };
  button(words.undo, () => write(drawing, list.value.trimEnd().split('\n').slice(0, -1).join('\n')));
  button(words.clear, () => write(drawing, ''));
  button(words.show, () => showAll(drawing));
  return row;
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

function clicked(drawing: Drawing, at: Point): void {
  const { list, how, size } = drawing;
  if (how.value === 'cells') {
    const cell = latLngToCell(...at, Math.min(8, Math.max(3, Math.round(Number(size.value)) || 5)));
    const cells = cellsIn(list.value);
    const next = cells.includes(cell) ? cells.filter((each) => each !== cell) : [...cells, cell];
    write(drawing, next.join('\n'));
  } else if (how.value === 'outline') {
    const points = pointsIn(list.value);
    write(drawing, linesOf(points.toSpliced(placeFor(points, at), 0, at)));
  }
}

function write(drawing: Drawing, text: string): void {
  drawing.list.value = text;
  redraw(drawing);
}

function redraw(drawing: Drawing): void {
  const { layer, list, how } = drawing;
  layer.clearLayers();
  if (how.value === 'cells') {
    for (const cell of cellsIn(list.value).filter((each) => isValidCell(each)))
      leaflet.polygon(cellToBoundary(cell), { className: 'area-shape', interactive: false }).addTo(layer);
  }
  if (how.value === 'outline') drawOutline(drawing, pointsIn(list.value));
}

function drawOutline(drawing: Drawing, points: readonly Point[]): void {
  const { layer, words } = drawing;
  const shape = leaflet.polygon([...points], { className: 'area-shape', interactive: false }).addTo(layer);
  const put = (next: readonly Point[]) => write(drawing, linesOf(next));
  for (const [index, point] of points.entries()) {
    const name = words.point.replace('#', String(index + 1));
    const icon = leaflet.divIcon({ className: 'area-point', iconSize: [24, 24] });
    const marker = leaflet.marker(point, { icon, draggable: true, title: name, alt: name }).addTo(layer);
    const moved = (): Point[] => points.with(index, [marker.getLatLng().lat, marker.getLatLng().lng]);
    marker.on('drag', () => shape.setLatLngs(moved()));
    marker.on('dragend', () => put(moved()));
    marker.on('keydown', ({ originalEvent }) => {
      if (originalEvent.key === 'Delete' || originalEvent.key === 'Backspace')
        put(points.toSpliced(index, 1));
    });
  }
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
