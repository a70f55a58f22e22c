import { describe, expect, it } from 'vitest';
import { formatLogEntry } from '../../../electron/hosts/contract/log.ts';

const noon = new Date('2024-05-01T12:00:00Z');

describe('a line of the log', () => {
  it('says when, what and about what', () => {
    expect(formatLogEntry({ level: 'refused', what: 'wrong token', detail: 'GET /' }, noon)).toBe(
      '2024-05-01T12:00:00.000Z refused wrong token: GET /',
    );
  });

  it('stays one line, whatever was sent', () => {
    const line = formatLogEntry(
      { level: 'refused', what: 'odd address', detail: '/a\nb\r\u001b[2J\u2028c' },
      noon,
    );
    expect(line).toContain('/a\\u000ab\\u000d\\u001b[2J\\u2028c');
    expect(line).not.toMatch(/[\n\r\u001b\u2028]/);
  });

  it('stays short', () => {
    expect(
      formatLogEntry({ level: 'info', what: 'x', detail: 'y'.repeat(10_000) }, noon).length,
    ).toBeLessThan(400);
  });
});
