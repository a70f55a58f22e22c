import { existsSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { FuseV1Options } from '@electron/fuses';
import { describe, expect, it } from 'vitest';
import { FUSES, programPath } from '../../../build/fuses.ts';
import { ICON, iconPixels, iconSvg } from '../../../build/icon-shape.ts';
import { encodePng } from '../../../build/png.ts';

describe('the icon', () => {
  it('is clear at its corners, dark on its plate and amber at the best match', () => {
    const size = 128;
    const pixels = iconPixels(size);
    const at = (x: number, y: number): number[] => [
      ...pixels.subarray((Math.floor(y * size) * size + Math.floor(x * size)) * 4).subarray(0, 4),
    ];
    expect(at(0.01, 0.01)[3]).toBe(0);
    expect(at(0.12, 0.5)).toEqual([23, 26, 29, 255]);
    expect(at(0.5, 0.4)).toEqual([242, 176, 74, 255]);
  });

  it('has the same bars as a drawing', () => {
    expect(iconSvg().match(/<rect /g)).toHaveLength(ICON.length);
  });

  it('is written as a PNG that gives back its pixels', () => {
    const png = encodePng(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), 1, 2);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1);
    expect(png.readUInt32BE(20)).toBe(2);
    const begin = png.indexOf('IDAT') + 4;
    const rows = inflateSync(png.subarray(begin, begin + png.readUInt32BE(begin - 8)));
    expect([...rows]).toEqual([0, 1, 2, 3, 4, 0, 5, 6, 7, 8]);
  });
});

describe('the fuses', () => {
  it('leave no way to run other code with the packaged program', () => {
    expect(FUSES).toMatchObject({
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    });
  });

  it.each([
    ['linux', '/out/tubelet'],
    ['win32', '/out/Tubelet.exe'],
    ['darwin', '/out/Tubelet.app/Contents/MacOS/Tubelet'],
  ])('are burnt into the program on %s', (electronPlatformName, path) => {
    const names = { appOutDir: '/out', productFilename: 'Tubelet', executableName: 'tubelet' };
    expect(programPath({ electronPlatformName, ...names })).toBe(path);
  });
});

describe('what is packaged', () => {
  const recipe = readFileSync(new URL('../../../electron-builder.yml', import.meta.url), 'utf8');

  it('keeps every library with native parts out of the archive', () => {
    for (const name of ['better-sqlite3', 'onnxruntime-node', 'hnswlib-node']) {
      expect(recipe).toContain(`node_modules/${name}/**`);
    }
  });

  it('names only build files that are there', () => {
    for (const [, path] of recipe.matchAll(
      /(?:icon|afterPack|entitlements|entitlementsInherit): (build\/\S+)/g,
    )) {
      expect(existsSync(new URL(`../../../${path!}`, import.meta.url)), path).toBe(true);
    }
  });
});
