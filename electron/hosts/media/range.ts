/**
 * What to answer to a request for a file of known size: the whole of it, one stretch of it, or a refusal.
 * Follows RFC 9110, section 14 (range requests). Video elements seek with it, so it must be exact.
 */

/** Bytes `first` to `last`, both included. */
export interface ByteSpan {
  readonly first: number;
  readonly last: number;
}

/** The parts of an answer that depend on the range: status, headers, and the bytes to send (null: no body). */
export interface RangeAnswer {
  readonly status: 200 | 206 | 416;
  readonly headers: Readonly<Record<string, string>>;
  readonly span: ByteSpan | null;
}

const ONE_RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/;

/**
 * The stretch that a Range header asks for. `whole` where the header is absent, uses another unit, is malformed or
 * asks for several ranges (a server may always send the whole); `unsatisfiable` where it begins beyond the end.
 */
export function parseRange(header: string | undefined, size: number): ByteSpan | 'whole' | 'unsatisfiable' {
  const match = header === undefined ? null : ONE_RANGE.exec(header);
  if (match === null) return 'whole';
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return 'whole';
  if (from === '') {
    const length = Number(to);
    if (length === 0 || size === 0) return 'unsatisfiable';
    return { first: Math.max(0, size - length), last: size - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return 'whole';
  if (first >= size) return 'unsatisfiable';
  return { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

/** The answer to GET or HEAD for a file of `size` bytes. HEAD gets the headers of GET without a body. */
export function answerRange(method: 'GET' | 'HEAD', header: string | undefined, size: number): RangeAnswer {
  const range = parseRange(header, size);
  if (range === 'unsatisfiable') {
    return {
      status: 416,
      headers: { 'accept-ranges': 'bytes', 'content-range': `bytes */${size}`, 'content-length': '0' },
      span: null,
    };
  }
  const partial = range !== 'whole';
  const span = partial ? range : { first: 0, last: size - 1 };
  return {
    status: partial ? 206 : 200,
    headers: {
      'accept-ranges': 'bytes',
      'content-length': String(span.last - span.first + 1),
      ...(partial ? { 'content-range': `bytes ${span.first}-${span.last}/${size}` } : {}),
    },
    span: method === 'HEAD' || size === 0 ? null : span,
  };
}
