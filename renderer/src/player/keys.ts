/** What a key does. Every command can also be reached with the pointer. */
export type Command =
  | 'search'
  | 'keys'
  | 'back'
  | 'play'
  | 'stop'
  | 'forward'
  | 'backward'
  | 'frame-forward'
  | 'frame-backward'
  | 'second-forward'
  | 'second-backward'
  | 'start'
  | 'end'
  | 'next-match'
  | 'previous-match'
  | 'next-cut'
  | 'previous-cut'
  | 'in'
  | 'out'
  | 'clear-range'
  | 'faster'
  | 'slower'
  | 'find-here'
  | 'zoom-in'
  | 'zoom-out'
  | 'mute'
  | 'full-screen';

/** One row of the list of keys. `keys` are as `KeyboardEvent.key` gives them, shift included in the character. */
export interface Binding {
  readonly command: Command;
  readonly keys: readonly string[];
  readonly shift?: boolean;
  readonly where: 'everywhere' | 'player';
}

/** All keys of the app outside of lists and text fields. */
export const BINDINGS: readonly Binding[] = [
  { command: 'search', keys: ['/'], where: 'everywhere' },
  { command: 'keys', keys: ['?'], where: 'everywhere' },
  { command: 'back', keys: ['Escape'], where: 'player' },
  { command: 'play', keys: [' '], where: 'player' },
  { command: 'backward', keys: ['j', 'J'], where: 'player' },
  { command: 'stop', keys: ['k', 'K'], where: 'player' },
  { command: 'forward', keys: ['l', 'L'], where: 'player' },
  { command: 'next-match', keys: ['n'], where: 'player' },
  { command: 'previous-match', keys: ['p'], where: 'player' },
  { command: 'frame-backward', keys: ['ArrowLeft'], where: 'player' },
  { command: 'frame-forward', keys: ['ArrowRight'], where: 'player' },
  { command: 'second-backward', keys: ['ArrowLeft'], shift: true, where: 'player' },
  { command: 'second-forward', keys: ['ArrowRight'], shift: true, where: 'player' },
  { command: 'previous-cut', keys: ['ArrowUp'], where: 'player' },
  { command: 'next-cut', keys: ['ArrowDown'], where: 'player' },
  { command: 'start', keys: ['Home'], where: 'player' },
  { command: 'end', keys: ['End'], where: 'player' },
  { command: 'in', keys: ['i'], where: 'player' },
  { command: 'out', keys: ['o'], where: 'player' },
  { command: 'clear-range', keys: ['x'], where: 'player' },
  { command: 'slower', keys: ['['], where: 'player' },
  { command: 'faster', keys: [']'], where: 'player' },
  { command: 'find-here', keys: ['f'], where: 'player' },
  { command: 'zoom-in', keys: ['+', '='], where: 'player' },
  { command: 'zoom-out', keys: ['-'], where: 'player' },
  { command: 'mute', keys: ['m'], where: 'player' },
  { command: 'full-screen', keys: ['Enter'], shift: true, where: 'player' },
];

/** A key press, as far as it matters here. */
export interface Press {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What a press means on a screen; null when it is not ours (anything with Ctrl, Alt or the system's key). */
export function commandOf(press: Press, where: Binding['where']): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const named = press.key.length > 1;
  const binding = BINDINGS.find(
    (candidate) =>
      candidate.keys.includes(press.key) &&
      (candidate.where === 'everywhere' || where === 'player') &&
      (!named || press.shiftKey === (candidate.shift === true)),
  );
  return binding?.command ?? null;
}

/** How a binding is written for people: `Shift →`. */
export function keyName(binding: Binding): string {
  const names: Record<string, string> = {
    ' ': 'Space',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
  };
  const key = binding.keys[0] ?? '';
  const name = names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return binding.shift === true ? `Shift ${name}` : name;
}

/** The key of a command, for tooltips. */
export function keyOf(command: Command): string {
  const binding = BINDINGS.find((candidate) => candidate.command === command);
  return binding === undefined ? '' : keyName(binding);
}
