import { SingleBar } from 'cli-progress';

/** Shows how far something is: a bar in a terminal, otherwise a line at each tenth. */
export interface Progress {
  update(done: number): void;
  stop(): void;
}

export function openProgress(label: string, total: number, unit: string): Progress {
  return process.stderr.isTTY ? bar(label, total, unit) : lines(label, total, unit);
}

function bar(label: string, total: number, unit: string): Progress {
  const single = new SingleBar({
    format: `${label.padEnd(8)} {bar} {percentage}%  {value} of {total} ${unit}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 32,
    hideCursor: true,
    formatValue: (value, _options, type) =>
      type === 'percentage' ? String(value).padStart(3) : value.toLocaleString('en'),
  });
  single.start(total, 0);
  return { update: (done) => single.update(Math.min(done, total)), stop: () => single.stop() };
}

function lines(label: string, total: number, unit: string): Progress {
  let tenths = 0;
  return {
    update: (done) => {
      const reached = Math.floor((Math.min(done, total) / Math.max(total, 1)) * 10);
      if (reached <= tenths) return;
      tenths = reached;
      process.stderr.write(
        `${label} ${reached * 10}% (${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit})\n`,
      );
    },
    stop: () => {},
  };
}
