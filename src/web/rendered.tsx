import type { VNode } from 'preact';
import { jsxTemplate } from 'preact/jsx-runtime';
import { renderToString } from 'preact-render-to-string';
import { keepLast } from '#platform/keep.ts';

/**
 * Keeps the HTML of the last `max` views that were asked for. A view is rendered again when something that it is made
 * of is another: name all of it, and nothing that belongs to the viewer alone.
 */
export function keepRendered(max: number) {
  const keep = keepLast<string>(max);
  return (name: string, of: readonly unknown[], view: () => VNode): VNode =>
    jsxTemplate([keep(name, of, () => renderToString(view()))]);
}

/**
 * A component that is rendered once for each of its props and kept for good: for what pages show over and over, and
 * whose props take few values.
 */
export function renderedOnce<Props extends Record<string, string | number | undefined>>(
  view: (props: Props) => VNode,
): (props: Props) => VNode {
  const known = new Map<string, string>();
  return (props) => {
    const name = Object.values(props).join(' ');
    let html = known.get(name);
    if (html === undefined) {
      html = renderToString(view(props));
      known.set(name, html);
    }
    return jsxTemplate([html]);
  };
}
