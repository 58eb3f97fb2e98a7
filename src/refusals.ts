import type { Config } from '#platform/config.ts';
import { holderOf, secondStart } from '#platform/embedded/data-folder.ts';
import { whyNotListen } from '#platform/embedded/ports.ts';
import { StartFault } from '#platform/start-fault.ts';

/** The reasons not to start that are seen at once, before any work that takes seconds. */
export async function refuseStart(config: Config): Promise<void> {
  const isEmbedded = !config.databaseUrl || !config.clickhouseUrl;
  const holder = isEmbedded ? holderOf(config.dataDir) : undefined;
  if (holder) throw secondStart(config.dataDir, holder);
  const code = await whyNotListen(config.host, config.port);
  if (code) throw portFault(config, code);
}

export function portFault({ host, port }: Config, code: string): StartFault {
  if (code === 'EADDRINUSE') {
    return new StartFault(
      `Port ${port} on ${host} is in use: stop the program that has it, or set PORT to another.`,
    );
  }
  if (code === 'EACCES') {
    return new StartFault(`This user may not listen on port ${port}: set PORT to one above 1023.`);
  }
  return new StartFault(`HOST=${host} is no address of this machine: set HOST to one, or leave it out.`);
}
