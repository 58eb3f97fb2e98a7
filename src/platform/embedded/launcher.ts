import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { StartFault, hasCode } from '../start-fault.ts';

/** How a program is started so that PostgreSQL accepts it: it refuses to run as root. */
export interface Launcher {
  /** Whose the server's files are; undefined when the server runs as the user who starts it. */
  owner: { uid: number; gid: number } | undefined;
  command(program: string, args: string[]): { file: string; args: string[]; uid?: number; gid?: number };
}

const asOurselves: Launcher = { owner: undefined, command: (file, args) => ({ file, args }) };

/**
 * An ordinary user runs the server as itself. Root runs it as `postgres`, whom it makes if need be; on later
 * starts, as whoever owns the data, so that a folder stays usable when the machine's users change.
 */
export function launcherFor(dataDir: string, folder: string, program: string): Launcher {
  if (process.getuid?.() !== 0) return asOurselves;
  const owner = ownerOf(dataDir) ?? accountOf('postgres') ?? makeAccount() ?? accountOf('nobody');
  if (!owner) {
    throw new StartFault(
      'PostgreSQL does not run as root, and no user "postgres" could be made: run Stoa as an ordinary user, or set DATABASE_URL.',
    );
  }
  const plain: Launcher = { owner, command: (file, args) => ({ file, args, ...owner }) };
  if (reaches(plain, folder, program)) return plain;
  // A clone under /root, which only root may enter. The server gets the one capability that lets it walk there.
  for (const capability of ['dac_read_search', 'dac_override']) {
    const capable = capableLauncher(owner, capability);
    if (reaches(capable, folder, program)) return capable;
  }
  throw new StartFault(
    `PostgreSQL runs as the user "postgres" when Stoa is started by root, and that user cannot enter ${folder} or ${program}: ` +
      'move Stoa to a folder that everybody may enter (such as /opt), run it as an ordinary user, or set DATABASE_URL.',
  );
}

function capableLauncher(owner: { uid: number; gid: number }, capability: string): Launcher {
  const ids = ['--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'];
  // Without the secure bit, access(2), by which PostgreSQL looks for its own files, would not count the capability.
  const grants = ['--securebits', '+no_setuid_fixup', '--inh-caps', `-all,+${capability}`];
  const kept = ['--ambient-caps', `-all,+${capability}`];
  return {
    owner,
    command: (file, args) => ({ file: 'setpriv', args: [...ids, ...grants, ...kept, '--', file, ...args] }),
  };
}

function ownerOf(dataDir: string): { uid: number; gid: number } | undefined {
  const { uid, gid } = statSync(dataDir, { throwIfNoEntry: false }) ?? { uid: 0, gid: 0 };
  return uid === 0 ? undefined : { uid, gid };
}

function accountOf(name: string): { uid: number; gid: number } | undefined {
  try {
    const idOf = (flag: string) =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    return undefined; // id ends with 1 when there is no such user
  }
}

function makeAccount(): { uid: number; gid: number } | undefined {
  const made = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], {
    stdio: 'ignore',
  });
  return made.status === 0 ? accountOf('postgres') : undefined;
}

function reaches(launcher: Launcher, folder: string, program: string): boolean {
  const { file, args, ...ids } = launcher.command('/bin/sh', [
    '-c',
    'cd "$1" && exec "$2" --version',
    'sh',
    folder,
    program,
  ]);
  const tried = spawnSync(file, args, { cwd: '/', stdio: 'ignore', ...ids });
  if (tried.error && !hasCode(tried.error, 'ENOENT', 'EPERM', 'EACCES')) throw tried.error;
  return tried.status === 0;
}
