let context: AudioContext | undefined;

/** A short tone: high for what was understood, low for what was not. Browsers that may not sound stay silent. */
export function sound(kind: 'good' | 'bad'): void {
  try {
    context ??= new AudioContext();
    const tone = context.createOscillator();
    const loudness = context.createGain();
    const seconds = kind === 'good' ? 0.08 : 0.35;
    tone.frequency.value = kind === 'good' ? 1200 : 220;
    loudness.gain.value = 0.08;
    tone.connect(loudness).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + seconds);
  } catch {
    // The message on the screen says the same.
  }
}
