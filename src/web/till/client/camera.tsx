import { useEffect, useRef, useState } from 'preact/hooks';
import { Modal } from './modal.tsx';
import { t } from './say.ts';
import { takeScan } from './selling.ts';
import type { State, Till } from './till.ts';
import { readScan } from './wedge.ts';

const FORMATS = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'code_39', 'itf', 'qr_code'] as const;
const LOOK_EVERY_MS = 150;
/** Until then a code that stays before the camera is the same one. */
const SAME_CODE_MS = 2000;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: readonly string[] }) => Detector;

type Fault = 'refused' | 'none' | 'fault';

/** Reads codes through the camera. Each is taken once while it is held there. */
export function Camera({ till, state }: { till: Till; state: State }) {
  const video = useRef<HTMLVideoElement>(null);
  const [fault, setFault] = useState<Fault>();
  const [isRunning, setIsRunning] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    if (video.current) {
      watch(
        video.current,
        stop.signal,
        (code) => void takeScan(till, readScan(code)),
        () => setIsRunning(true),
      ).catch((error: unknown) => setFault(faultOf(error)));
    }
    return () => stop.abort();
  }, []);
  return (
    <Modal title={t('sell.camera.title')} onClose={() => till.store.set({ dialog: null })} wide>
      <p class="soft">{t('sell.camera.lead')}</p>
      {fault ? (
        <p class="notice error" role="alert">
          {t(`sell.camera.${fault}`)}
        </p>
      ) : (
        !isRunning && <p role="status">{t('sell.camera.starting')}</p>
      )}
      <video ref={video} class="sell-video" playsInline muted hidden={!isRunning} />
      {state.told && (
        <p class={`notice ${state.told.kind === 'bad' ? 'error' : 'success'}`} role="status">
          {state.told.text}
        </p>
      )}
    </Modal>
  );
}

function faultOf(error: unknown): Fault {
  if (!(error instanceof DOMException)) return 'fault';
  return error.name === 'NotAllowedError' || error.name === 'SecurityError' ? 'refused' : 'none';
}

async function watch(
  video: HTMLVideoElement,
  stopped: AbortSignal,
  found: (code: string) => void,
  started: () => void,
): Promise<void> {
  // Without a secure address there is no camera at all.
  if (!('mediaDevices' in navigator)) throw new DOMException('no camera', 'NotFoundError');
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  const end = () => stream.getTracks().forEach((track) => track.stop());
  stopped.addEventListener('abort', end);
  if (stopped.aborted) return end();
  try {
    const detector = await makeDetector();
    video.srcObject = stream;
    await video.play();
    started();
    await look(video, detector, stopped, found);
  } finally {
    end();
  }
}

async function look(
  video: HTMLVideoElement,
  detector: Detector,
  stopped: AbortSignal,
  found: (code: string) => void,
) {
  const seen = new Map<string, number>();
  while (!stopped.aborted) {
    for (const { rawValue } of await detector.detect(video)) {
      const now = performance.now();
      if (now - (seen.get(rawValue) ?? Number.NEGATIVE_INFINITY) > SAME_CODE_MS) found(rawValue);
      seen.set(rawValue, now);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The browser's own reader of codes; where it has none, ours, whose code comes only now. */
async function makeDetector(): Promise<Detector> {
  const own = (
    globalThis as { BarcodeDetector?: DetectorClass & { getSupportedFormats(): Promise<string[]> } }
  ).BarcodeDetector;
  if (own && (await own.getSupportedFormats()).includes('ean_13')) return new own({ formats: FORMATS });
  const { makePonyfill } = await import('./ponyfill.ts');
  return makePonyfill(FORMATS);
}
