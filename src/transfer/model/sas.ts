/** What a SAS says of itself. Its signature stays out of everything here. */

/** The fields of a service or an account SAS (Microsoft: "Create a service SAS", "Create an account SAS"). */
export interface SasFacts {
  /** `sp`, one letter a permission. */
  readonly permissions: string;
  /** What it is for: `container` (`sr=c`, or an account SAS with `srt` of containers and objects), or something else. */
  readonly scope: 'container' | 'blob' | 'account-without-objects' | 'unknown';
  /** `st`, milliseconds since the epoch; null when it holds from the beginning. */
  readonly startsAt: number | null;
  /** `se`; null when a stored access policy says it. */
  readonly expiresAt: number | null;
  /** Whether it allows requests without TLS (`spr` is absent or names http). */
  readonly allowsHttp: boolean;
  /** Whether a stored access policy (`si`) says what is missing here. */
  readonly byPolicy: boolean;
}

const moment = (text: string | null): number | null => {
  const time = text === null ? NaN : Date.parse(text);
  return Number.isNaN(time) ? null : time;
};

function scopeOf(fields: URLSearchParams): SasFacts['scope'] {
  const types = fields.get('srt');
  if (types !== null) {
    const forBlobs = fields.get('ss')?.includes('b') ?? false;
    return forBlobs && types.includes('c') && types.includes('o') ? 'container' : 'account-without-objects';
  }
  const resource = fields.get('sr');
  // A directory (`d`) is one of a hierarchical namespace, and holds blobs below it as a container does.
  if (resource === 'c') return 'container';
  return resource === 'b' || resource === 'bs' || resource === 'bv' ? 'blob' : 'unknown';
}

/**
 * Reads a SAS; null when the text is none.
 * @param text with or without `?`, or the URL that ends in it
 */
export function readSas(text: string): SasFacts | null {
  const fields = new URLSearchParams(text.slice(text.indexOf('?') + 1).trim());
  if (!fields.has('sig')) return null;
  return {
    permissions: fields.get('sp') ?? '',
    scope: scopeOf(fields),
    startsAt: moment(fields.get('st')),
    expiresAt: moment(fields.get('se')),
    allowsHttp: (fields.get('spr') ?? 'https,http').split(',').includes('http'),
    byPolicy: fields.has('si'),
  };
}
