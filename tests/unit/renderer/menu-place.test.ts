import { describe, expect, it } from 'vitest';
import { menuPlace, moveInMenu } from '../../../renderer/src/shell/menu-place.ts';
import { tipPlace } from '../../../renderer/src/shell/tip.ts';

const window = { width: 1000, height: 700 };
const size = { width: 200, height: 150 };
const at = (left: number, top: number, width = 0, height = 0) => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

describe('An open menu', () => {
  it('hangs from its button, by the edge that it asks for', () => {
    const button = at(400, 100, 28, 28);
    expect(menuPlace({ at: button, align: 'start' }, size, window)).toEqual({ left: 400, top: 128 });
    expect(menuPlace({ at: button, align: 'end' }, size, window)).toEqual({ left: 228, top: 128 });
  });

  it('goes above where there is no room below, and never leaves the window', () => {
    expect(menuPlace({ at: at(400, 600, 28, 28), align: 'start' }, size, window).top).toBe(450);
    expect(menuPlace({ at: at(990, 10), align: 'start' }, size, window).left).toBe(794);
    expect(menuPlace({ at: at(5, 10), align: 'end' }, size, window).left).toBe(6);
  });

  it('is walked round and round by the arrow keys, past what cannot be chosen', () => {
    const usable = [0, 2, 3];
    expect(moveInMenu('ArrowDown', 0, usable)).toBe(2);
    expect(moveInMenu('ArrowDown', 3, usable)).toBe(0);
    expect(moveInMenu('ArrowUp', 0, usable)).toBe(3);
    expect(moveInMenu('End', 0, usable)).toBe(3);
    expect(moveInMenu('x', 0, usable)).toBeNull();
    expect(moveInMenu('ArrowDown', 0, [])).toBeNull();
  });
});

describe('A tip', () => {
  const tip = { width: 80, height: 24 };

  it('stands centred under what it belongs to', () => {
    expect(tipPlace({ left: 100, top: 50, width: 28, height: 28 }, tip, window)).toEqual({
      left: 74,
      top: 84,
    });
  });

  it('goes above at the foot of the window, and stays inside at its sides', () => {
    expect(tipPlace({ left: 100, top: 670, width: 28, height: 28 }, tip, window).top).toBe(640);
    expect(tipPlace({ left: 2, top: 50, width: 28, height: 28 }, tip, window).left).toBe(4);
    expect(tipPlace({ left: 985, top: 50, width: 14, height: 28 }, tip, window).left).toBe(916);
  });
});
