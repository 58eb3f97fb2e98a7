interface Barcodes {
  toSVG: (options: {
    bcid: string;
    text: string;
    scale?: number;
    height?: number;
    eclevel?: string;
  }) => string;
}

/** What draws codes is large and seldom needed: it is loaded with the first code. */
const barcodes = (): Promise<Barcodes> => import('bwip-js/node');

export async function qrCode(text: string): Promise<string> {
  const { toSVG } = await barcodes();
  return toSVG({ bcid: 'qrcode', text, eclevel: 'M' });
}

/** Code 128, which every scanner at a till reads. */
export async function lineCode(text: string): Promise<string> {
  const { toSVG } = await barcodes();
  return toSVG({ bcid: 'code128', text, scale: 2, height: 14 });
}

/** A drawn code, on paper white in every theme: scanners look for dark on light. */
export function DrawnCode({ svg, label, kind }: { svg: string; label: string; kind: 'square' | 'lines' }) {
  // The drawing is ours and holds no text of anybody's.
  return (
    <div
      class={`drawn-code drawn-${kind}`}
      role="img"
      aria-label={label}
      dangerouslySetInnerHTML={{ __html: svg }}
    />
  );
}
