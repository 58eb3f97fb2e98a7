export interface Point {
  x: number;
  y: number;
}

/** So far a hand shakes on a press, in pixels of the screen. */
const SHAKE = 4;

/** Where on the canvas a pointer is, in the canvas's units, however the browser fits it in. */
export function pointOn(canvas: SVGSVGElement, { clientX, clientY }: MouseEvent): Point {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(canvas.getScreenCTM()?.inverse());
  return { x, y };
}

interface Followed {
  /** Once, when it is more than a press. */
  onBegin: () => void;
  onMove: (at: Point, from: Point) => void;
}

/** Follows a pointer that was pressed on a part of the canvas until it is let go. */
export function follow(event: PointerEvent, { onBegin, onMove }: Followed): void {
  const target = event.currentTarget as SVGGraphicsElement;
  const canvas = target.ownerSVGElement;
  if (!canvas || event.button !== 0) return;
  const from = pointOn(canvas, event);
  let isMoving = false;
  target.setPointerCapture(event.pointerId);
  const move = (next: PointerEvent) => {
    const far = Math.hypot(next.clientX - event.clientX, next.clientY - event.clientY);
    if (!isMoving && far < SHAKE) return;
    if (!isMoving) onBegin();
    isMoving = true;
    onMove(pointOn(canvas, next), from);
  };
  const end = () => target.removeEventListener('pointermove', move);
  target.addEventListener('pointermove', move);
  target.addEventListener('pointerup', end, { once: true });
  target.addEventListener('pointercancel', end, { once: true });
}
