import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Headers of every answer. The page may load nothing from anywhere else, and nobody may frame it. */
export function securityHeaders(origin: string): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(origin),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), display-capture=()',
  };
}

/**
 * Scripts, fonts and connections from the host itself only. Style attributes are allowed because the page places
 * thumbnails and time marks with them; style sheets still come from the host.
 */
function contentSecurityPolicy(origin: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    `connect-src 'self' ${origin.replace(/^http/, 'ws')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Why a request is refused. */
export type Refusal = 'wrong host' | 'wrong origin' | 'wrong token';

/** Who may talk to the loopback host. One instance for each start of the host. */
export class Gate {
  /** Goes into the address that is opened once; 256 random bits, new with every start. */
  readonly token: string;
  readonly #port: number;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;

  constructor(port: number, token: string = randomBytes(32).toString('base64url')) {
    this.token = token;
    this.#port = port;
    this.#hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
    this.#origins = new Set([...this.#hosts].map((host) => `http://${host}`));
  }

  /** The origin that the address in the browser has. */
  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The address to open, with the token. */
  get entryUrl(): string {
    return `${this.origin}/?token=${this.token}`;
  }

  /**
   * Cookies do not tell ports apart, so the name carries the port. HttpOnly: no script reads it. SameSite=Strict:
   * requests that other sites cause do not carry it.
   */
  get cookie(): string {
    return `${this.#cookieName}=${this.token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** True where the token of the address is the right one. */
  admitsToken(token: string | null): boolean {
    return token !== null && sameText(token, this.token);
  }

  /**
   * Checks a request that is not the first. Each check meets one attack:
   * - Host: a foreign name that its owner points at 127.0.0.1 (DNS rebinding) makes the browser take this host for
   *   that site; the name is then in the Host header.
   * - Origin and Sec-Fetch-Site: a page of another site, or of another port of this machine, that makes the browser
   *   send requests or open a socket here (cross-site request forgery, cross-site socket hijacking).
   * - token: any other program or user of this machine that finds the port.
   */
  refusal(headers: IncomingHttpHeaders, options: { originRequired: boolean }): Refusal | null {
    const stranger = this.strangerRefusal(headers);
    if (stranger !== null) return stranger;
    if (options.originRequired && headers.origin === undefined) return 'wrong origin';
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return 'wrong origin';
    return this.#hasCookie(headers.cookie) ? null : 'wrong token';
  }

  /** The checks that hold for the first request too, which brings the token itself. */
  strangerRefusal(headers: IncomingHttpHeaders): Refusal | null {
    if (headers.host === undefined || !this.#hosts.has(headers.host.toLowerCase())) return 'wrong host';
    if (headers.origin !== undefined && !this.#origins.has(headers.origin.toLowerCase()))
      return 'wrong origin';
    return null;
  }

  #hasCookie(header: string | undefined): boolean {
    const prefix = `${this.#cookieName}=`;
    return (header ?? '')
      .split(';')
      .map((part) => part.trim())
      .some((part) => part.startsWith(prefix) && sameText(part.slice(prefix.length), this.token));
  }

  get #cookieName(): string {
    return `tubelet-${this.#port}`;
  }
}

/** Compares in a time that says nothing of where the texts differ. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
