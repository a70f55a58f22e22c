import { describe, expect, it } from 'vitest';
import { parseMediaRoute } from '../../../electron/hosts/media/route.ts';

const none = new URLSearchParams();

describe('a media address', () => {
  it('names a file, a preview, a sheet or a poster by number, in the words of either host', () => {
    expect(parseMediaRoute('/media/7', none)).toEqual({ kind: 'file', id: 7 });
    expect(parseMediaRoute('/file/7', none)).toEqual({ kind: 'file', id: 7 });
    expect(parseMediaRoute('/preview/7', none)).toEqual({ kind: 'preview', id: 7, from: 0 });
    expect(parseMediaRoute('/preview/7', new URLSearchParams('from=12.5'))).toEqual({
      kind: 'preview',
      id: 7,
      from: 12.5,
    });
    expect(parseMediaRoute('/sheets/7/0', none)).toEqual({ kind: 'sheet', id: 7, sheet: 0 });
    expect(parseMediaRoute('/sheet/7/12', none)).toEqual({ kind: 'sheet', id: 7, sheet: 12 });
    expect(parseMediaRoute('/posters/7', new URLSearchParams('of=3f2a'))).toEqual({ kind: 'poster', id: 7 });
    expect(parseMediaRoute('/poster/7', none)).toEqual({ kind: 'poster', id: 7 });
  });

  it.each([
    '/media/0',
    '/media/-1',
    '/media/1.5',
    '/media/1e3',
    '/media/0x10',
    '/media/07',
    '/media/',
    '/media/1/',
    '/media/1/..',
    '/media/../../etc/passwd',
    '/media/%2e%2e%2fetc',
    '/media/1%00',
    '/media/1\n',
    '/media/99999999999999999999',
    '/sheets/1',
    '/sheets/1/-1',
    '/sheets/1/../../x',
    '/sheets/1/0.jpg',
    '/posters/',
    '/posters/0',
    '/posters/1/0',
    '/posters/1/../../x',
    '/posters/1.jpg',
    '/etc/passwd',
    'media/1',
  ])('%j leads nowhere', (path) => {
    expect(parseMediaRoute(path, none)).toBeNull();
  });

  it.each(['-1', 'NaN', '1e9', 'Infinity', '', '12; rm', '1,5'])(
    'a preview from %j leads nowhere',
    (from) => {
      expect(parseMediaRoute('/preview/1', new URLSearchParams({ from }))).toBeNull();
    },
  );
});
