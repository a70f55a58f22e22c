import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultLibrary } from '../../../electron/engine/library/location.ts';

describe('the library’s default place', () => {
  const home = '/home/ada';
  it('follows each system’s custom', () => {
    expect(defaultLibrary({}, 'linux', home)).toBe('/home/ada/.local/share/tubelet');
    expect(defaultLibrary({ XDG_DATA_HOME: '/data' }, 'linux', home)).toBe('/data/tubelet');
    expect(defaultLibrary({ XDG_DATA_HOME: 'relative' }, 'linux', home)).toBe(
      '/home/ada/.local/share/tubelet',
    );
    expect(defaultLibrary({}, 'darwin', home)).toBe('/home/ada/Library/Application Support/Tubelet');
    expect(defaultLibrary({ APPDATA: '/roaming' }, 'win32', home)).toBe(join('/roaming', 'Tubelet'));
  });

  it('is what the environment says, where it says something', () => {
    expect(defaultLibrary({ TUBELET_LIBRARY: '/mine', XDG_DATA_HOME: '/data' }, 'linux', home)).toBe('/mine');
    expect(defaultLibrary({ TUBELET_LIBRARY: '' }, 'linux', home)).toBe('/home/ada/.local/share/tubelet');
  });
});
