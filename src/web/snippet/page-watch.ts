import { plainAddress } from './addresses.ts';

type Track = (name: string, properties: object, once?: Once) => void;

/** What happened once, however often it is told: its id, and when. */
export interface Once {
  id: string;
  at: string;
}

const DEPTHS = [25, 50, 75, 100];

/** The fields that an element is marked with. */
function fieldsOf(element: HTMLElement): object {
  try {
    return JSON.parse(element.dataset['stoa'] || '{}') as object;
  } catch {
    return {};
  }
}

const each = (mark: string, use: (element: HTMLElement) => void) =>
  document.querySelectorAll<HTMLElement>(`[data-stoa-${mark}]`).forEach(use);

/** Tells what happens on the page: what it is about, what is seen and pressed, how far somebody reads, where they go. */
export function watchPage(track: Track): void {
  const say = (element: HTMLElement, mark: 'stoaLoad' | 'stoaView' | 'stoaClick') => {
    const { [mark]: name = '', stoaId: id, stoaAt: at } = element.dataset;
    track(name, fieldsOf(element), id && at ? { id, at } : undefined);
  };
  each('load', (element) => say(element, 'stoaLoad'));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        say(target as HTMLElement, 'stoaView');
      }
    },
    { threshold: 0.5 },
  );
  each('view', (element) => seen.observe(element));
  document.addEventListener('click', ({ target }) => {
    const at = target as Element;
    const pressed = at.closest<HTMLElement>('[data-stoa-click]');
    if (pressed) say(pressed, 'stoaClick');
    const link = at.closest<HTMLAnchorElement>('a[href]');
    if (link && link.protocol.startsWith('http') && link.host !== location.host)
      track('Link Clicked', { url: plainAddress(link.href) });
  });
  // Our own code and a retailer's say so what only they know: a product that was really added.
  document.addEventListener('stoa', (event) => {
    const [name, properties] = (event as CustomEvent<[string, object]>).detail;
    track(name, properties);
  });
  watchDepth(track);
}

function watchDepth(track: Track): void {
  let told = 0;
  addEventListener(
    'scroll',
    () => {
      const { scrollHeight } = document.documentElement;
      // A pixel less: browsers round.
      const depth = ((scrollY + innerHeight + 1) / scrollHeight) * 100;
      for (; depth >= (DEPTHS[told] ?? 101); told++) track('Page Scrolled', { depth: DEPTHS[told] });
    },
    { passive: true },
  );
}
