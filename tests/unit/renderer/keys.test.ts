import { describe, expect, it } from 'vitest';
import { BINDINGS, commandOf, keyName, keyOf, type Press } from '../../../renderer/src/player/keys.ts';

const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe('The keys', () => {
  it.each([
    [' ', 'play'],
    ['j', 'backward'],
    ['k', 'stop'],
    ['l', 'forward'],
    ['n', 'next-match'],
    ['p', 'previous-match'],
    ['i', 'in'],
    ['o', 'out'],
    ['[', 'slower'],
    [']', 'faster'],
    ['/', 'search'],
    ['?', 'keys'],
    ['ArrowRight', 'frame-forward'],
  ])('%j in the player is %s', (key, command) => {
    expect(commandOf(press(key), 'player')).toBe(command);
  });

  it('Shift makes an arrow a second', () => {
    expect(commandOf(press('ArrowRight', { shiftKey: true }), 'player')).toBe('second-forward');
  });

  it('Shift that is part of a character changes nothing', () => {
    expect(commandOf(press('?', { shiftKey: true }), 'everywhere')).toBe('keys');
  });

  it("the system's own combinations are left alone", () => {
    expect(commandOf(press('l', { ctrlKey: true }), 'player')).toBeNull();
    expect(commandOf(press('n', { metaKey: true }), 'player')).toBeNull();
  });

  it("the player's keys do nothing elsewhere", () => {
    expect(commandOf(press(' '), 'everywhere')).toBeNull();
  });

  it('every key means one thing in one place', () => {
    const presses = BINDINGS.flatMap((binding) =>
      binding.keys.map((key) => `${key}${binding.shift === true ? '+shift' : ''}`),
    );
    expect(new Set(presses).size).toBe(presses.length);
  });

  it('are written as they are printed on keyboards', () => {
    expect(BINDINGS.map(keyName)).toContain('Shift →');
    expect(keyOf('play')).toBe('Space');
    expect(keyOf('next-match')).toBe('N');
  });
});
