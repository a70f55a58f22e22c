import { chmod, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseVersion, resolveBinaries } from '../../../electron/engine/media/binaries.ts';

describe('finding ffmpeg and ffprobe', () => {
  it('falls back to the builds that npm brings when nothing is installed', async () => {
    const { ffmpeg, ffprobe } = await resolveBinaries({ searchPath: '' });
    expect([ffmpeg.source, ffprobe.source]).toEqual(['package', 'package']);
    expect(ffmpeg.licence).toBe('GPL');
    expect(ffmpeg.libavutil[0]).toBeGreaterThan(50);
  });

  it('prefers the setting, then the bundled programs, then PATH', async () => {
    const packaged = await resolveBinaries({ searchPath: '' });
    const folder = await mkdtemp(join(tmpdir(), 'tubelet-programs-'));
    for (const program of ['ffmpeg', 'ffprobe'] as const)
      await symlink(packaged[program].path, join(folder, program));
    const onPath = await resolveBinaries({ searchPath: folder });
    expect(onPath.ffmpeg).toMatchObject({ source: 'path', path: join(folder, 'ffmpeg') });
    const bundled = await resolveBinaries({ searchPath: folder, bundled: folder });
    expect(bundled.ffmpeg.source).toBe('bundled');
    const chosen = { ffmpeg: packaged.ffmpeg.path };
    const set = await resolveBinaries({ setting: chosen, searchPath: folder, bundled: folder });
    expect([set.ffmpeg.source, set.ffprobe.source]).toEqual(['setting', 'bundled']);
  });

  it('refuses a setting that does not run, instead of taking another program in silence', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tubelet-programs-'));
    const broken = join(folder, 'ffmpeg');
    await writeFile(broken, '#!/bin/sh\nexit 3\n');
    await chmod(broken, 0o755);
    for (const path of [broken, join(folder, 'nowhere')]) {
      await expect(resolveBinaries({ setting: { ffmpeg: path } })).rejects.toMatchObject({
        code: 'ffmpeg-missing',
        path,
      });
    }
  });

  it('passes over a program on PATH that does not run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tubelet-programs-'));
    await writeFile(join(folder, 'ffmpeg'), '#!/bin/sh\nexit 3\n');
    await chmod(join(folder, 'ffmpeg'), 0o755);
    expect((await resolveBinaries({ searchPath: folder })).ffmpeg.source).toBe('package');
  });

  it('remembers that a program runs while its file is the same, and starts it again when told to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tubelet-programs-'));
    const verdicts = join(folder, 'programs.json');
    const starts = join(folder, 'starts');
    const program = async (name: string, lines: string): Promise<void> => {
      await writeFile(join(folder, name), `#!/bin/sh\necho ${name} >> '${starts}'\n${lines}\n`);
      await chmod(join(folder, name), 0o755);
    };
    const says = (version: string): string => `echo '${version}'; echo 'libavutil      59. 39.100'`;
    await program('ffmpeg', says('ffmpeg version 7.1'));
    await program('ffprobe', says('ffprobe version 7.1'));
    const places = { searchPath: folder, verdicts };
    const first = await resolveBinaries(places);
    expect(first.ffmpeg).toMatchObject({ version: '7.1', libavutil: [59, 39], source: 'path' });
    expect(await resolveBinaries(places)).toEqual(first);
    const started = async (): Promise<string[]> =>
      (await readFile(starts, 'utf8')).trim().split('\n').toSorted();
    expect(await started()).toEqual(['ffmpeg', 'ffprobe']);

    await program('ffmpeg', says('ffmpeg version 8.0-new'));
    expect((await resolveBinaries(places)).ffmpeg.version).toBe('8.0-new');
    expect(await started()).toEqual(['ffmpeg', 'ffmpeg', 'ffprobe']);

    await resolveBinaries({ ...places, again: true });
    expect(await started()).toEqual(['ffmpeg', 'ffmpeg', 'ffmpeg', 'ffprobe', 'ffprobe']);
  });

  it('forgets a program that turns out not to run any more', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tubelet-programs-'));
    const broken = join(folder, 'broken');
    const script = `#!/bin/sh\ntest -e '${broken}' && exit 127\necho 'ffmpeg version 7.1'\n`;
    await writeFile(join(folder, 'ffmpeg'), script);
    await chmod(join(folder, 'ffmpeg'), 0o755);
    const places = { searchPath: folder, verdicts: join(folder, 'programs.json') };
    const source = async (again: boolean): Promise<string> =>
      (await resolveBinaries({ ...places, again })).ffmpeg.source;
    expect(await source(false)).toBe('path');
    await writeFile(broken, '');
    expect([await source(false), await source(true), await source(false)]).toEqual([
      'path',
      'package',
      'package',
    ]);
  });

  it.each([
    [
      'ffmpeg version 7.1 Copyright\nconfiguration: --enable-shared\nlibavutil      59. 39.100 / 59',
      '7.1',
      'LGPL',
      [59, 39],
    ],
    [
      'ffmpeg version n6.0\nconfiguration: --enable-gpl\nlibavutil      58.  2.100 / 58',
      'n6.0',
      'GPL',
      [58, 2],
    ],
    ['ffprobe version N-1-g2\n  configuration: --enable-gpl --enable-nonfree', 'N-1-g2', 'nonfree', [0, 0]],
  ])('reads version, licence and library of %j', (text, version, licence, libavutil) => {
    expect(parseVersion(text)).toEqual({ version, licence, libavutil });
  });
});
