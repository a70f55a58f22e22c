import { describe, expect, it } from 'vitest';
import { Gate, securityHeaders } from '../../../electron/hosts/http/security.ts';

const gate = new Gate(4100);
const host = '127.0.0.1:4100';
const cookie = gate.cookie.split(';')[0]!;

describe('the gate of the loopback host', () => {
  it('lets in a request of its own page', () => {
    expect(gate.refusal({ host, cookie }, { originRequired: false })).toBeNull();
    expect(
      gate.refusal(
        { host, cookie, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
        { originRequired: true },
      ),
    ).toBeNull();
  });

  it('finds its cookie among others', () => {
    expect(gate.refusal({ host, cookie: `a=b; ${cookie}; c=d` }, { originRequired: false })).toBeNull();
  });

  it.each([
    ['no Host', {}, 'wrong host'],
    ['a foreign name that points here', { host: 'evil.example:4100' }, 'wrong host'],
    ['another port', { host: '127.0.0.1:4101' }, 'wrong host'],
    ['a name that only begins the same', { host: '127.0.0.1:4100.evil.example' }, 'wrong host'],
    ['a foreign origin', { host, origin: 'https://evil.example' }, 'wrong origin'],
    ['the origin of another port', { host, origin: 'http://127.0.0.1:9999' }, 'wrong origin'],
    ['an opaque origin', { host, origin: 'null' }, 'wrong origin'],
    ['a request that another site caused', { host, 'sec-fetch-site': 'cross-site' }, 'wrong origin'],
    ['a request that another port caused', { host, 'sec-fetch-site': 'same-site' }, 'wrong origin'],
  ])('refuses %s even with the cookie', (_name, headers, refusal) => {
    expect(gate.refusal({ cookie, ...headers }, { originRequired: false })).toBe(refusal);
  });

  it.each([
    ['no cookie', undefined],
    ['an empty one', 'tubelet-4100='],
    ['a wrong one', 'tubelet-4100=AAAA'],
    ['one of another port', cookie.replace('4100', '4101')],
    ['the right value with more after it', `${cookie}x`],
  ])('refuses %s', (_name, wrong) => {
    const headers = wrong === undefined ? { host } : { host, cookie: wrong };
    expect(gate.refusal(headers, { originRequired: false })).toBe('wrong token');
  });

  it('refuses a socket without an Origin', () => {
    expect(gate.refusal({ host, cookie }, { originRequired: true })).toBe('wrong origin');
  });

  it('admits its own token only, and has another at each start', () => {
    expect(gate.admitsToken(gate.token)).toBe(true);
    expect(gate.admitsToken(null)).toBe(false);
    expect(gate.admitsToken('')).toBe(false);
    expect(gate.admitsToken(`${gate.token}x`)).toBe(false);
    expect(new Gate(4100).token).not.toBe(gate.token);
    expect(Buffer.from(gate.token, 'base64url')).toHaveLength(32);
  });

  it('gives a cookie that no script reads and no other site sends', () => {
    expect(gate.cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  });
});

describe('the headers of every answer', () => {
  it('allow nothing from anywhere else', () => {
    const policy = securityHeaders('http://127.0.0.1:4100')['content-security-policy']!;
    const sources = policy.split('; ').flatMap((directive) => directive.split(' ').slice(1));
    const allowed = ["'none'", "'self'", "'unsafe-inline'", 'data:', 'blob:', 'ws://127.0.0.1:4100'];
    expect(sources.filter((source) => !allowed.includes(source))).toEqual([]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("frame-ancestors 'none'");
  });
});
