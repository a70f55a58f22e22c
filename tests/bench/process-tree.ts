import { readdirSync, readFileSync } from 'node:fs';

/** How often the tree is looked at, in milliseconds. */
const INTERVAL = 100;
const BYTES_PER_KIB = 1024;
const MIB = 1024 * 1024;

/** Peaks of resident memory, in MiB: pages that processes share count once for each of them. */
export interface PeakMemory {
  readonly total: number;
  readonly node: number;
  readonly ffmpeg: number;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly resident: number;
}

/** Watches the memory of a process and all its descendants through /proc (Linux). Call the result to end and get it. */
export function watchMemory(root: number): () => PeakMemory {
  const peak = { total: 0, node: 0, ffmpeg: 0 };
  const look = (): void => {
    const tree = descendants(root, processes());
    const bytes = (keep: (process: Process) => boolean): number =>
      tree.filter(keep).reduce((sum, { resident }) => sum + resident, 0) / MIB;
    const isFfmpeg = ({ name }: Process): boolean => name.startsWith('ff');
    peak.total = Math.max(
      peak.total,
      bytes(() => true),
    );
    peak.ffmpeg = Math.max(peak.ffmpeg, bytes(isFfmpeg));
    peak.node = Math.max(
      peak.node,
      bytes((process) => !isFfmpeg(process)),
    );
  };
  const timer = setInterval(look, INTERVAL);
  return () => {
    clearInterval(timer);
    return { total: Math.round(peak.total), node: Math.round(peak.node), ffmpeg: Math.round(peak.ffmpeg) };
  };
}

function descendants(root: number, all: readonly Process[]): Process[] {
  const tree = all.filter(({ pid }) => pid === root);
  for (const process of tree) tree.push(...all.filter(({ parent }) => parent === process.pid));
  return tree;
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const status = readFileSync(`/proc/${entry}/status`, 'utf8');
        const field = (name: string): string =>
          new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '0';
        const resident = Number(field('VmRSS')) * BYTES_PER_KIB;
        return [{ pid: Number(entry), parent: Number(field('PPid')), name: field('Name'), resident }];
      } catch (error) {
        // The process ended between the listing and the reading.
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ESRCH') return [];
        throw error;
      }
    });
}
