const WAIT_MS = 1500;
/** A picture whose ground is being cut away is asked for again, a few times. */
const AGAIN_MS = 4000;
const AGAIN_MAX = 4;

interface Kept {
  items: { place: number; src: string | null }[];
}

/**
 * Keeps the draft that a form holds: a while after the last change, one request at a time. A failure is told and tried
 * again with the next change; nothing is sent once the form itself was.
 */
export function keeper(
  form: HTMLFormElement,
  onSources: (sources: (string | null)[]) => void,
  onKept: (isKept: boolean) => void,
) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSending = false;
  let isDirty = false;
  /** Something was changed that is not on its way yet. */
  let isUnsent = false;
  let isStopped = false;
  let again = 0;

  const wait = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void keep(), ms);
  };

  async function keep(): Promise<void> {
    if (isStopped) return;
    if (isSending) {
      isDirty = true;
      return;
    }
    isSending = true;
    isDirty = false;
    isUnsent = false;
    try {
      const { items } = await sendDraft(form);
      if (isStopped) return;
      onKept(true);
      const sources: (string | null)[] = [];
      for (const { place, src } of items) sources[place] = src;
      onSources(sources);
      const isWaiting = items.some(({ src }) => src !== null && !src.endsWith('/cutout.webp'));
      if (isWaiting && again++ < AGAIN_MAX) wait(AGAIN_MS);
    } catch {
      isUnsent = true;
      onKept(false);
    } finally {
      isSending = false;
      if (isDirty) wait(WAIT_MS);
    }
  }

  // Whoever leaves the page before the wait is over leaves the request behind, which the browser finishes.
  window.addEventListener('pagehide', () => {
    if (isUnsent && !isStopped) void sendDraft(form, { keepalive: true }).catch(() => {});
  });

  return {
    soon: () => {
      again = 0;
      isUnsent = true;
      wait(WAIT_MS);
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

async function sendDraft(form: HTMLFormElement, how: RequestInit = {}): Promise<Kept> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
  fields.set('action', 'draft');
  // Not `form.action`: the buttons of that name stand in its way.
  const answer = await fetch(form.getAttribute('action') ?? '', {
    ...how,
    method: 'post',
    body: fields,
    headers: { accept: 'application/json' },
  });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()) as Kept;
}
