/** Facts of a SAS, without its signature. */

/** The fields of a service or an account SAS (Microsoft: "Create a service SAS", "Create an account SAS"). */
export interface SasFacts {
  /** `sp`, one letter for each permission. */
  readonly permissions: string;
  /** Scope: `container` (`sr=c`, or an account SAS with `srt` of containers and objects), or another one. */
  readonly scope: 'container' | 'blob' | 'account-without-objects' | 'unknown';
  /** `st`, milliseconds since the epoch; null if the SAS has no start time. */
  readonly startsAt: number | null;
  /** `se`, milliseconds since the epoch; null if a stored access policy defines it. */
  readonly expiresAt: number | null;
  /** Whether it allows requests without TLS (`spr` is absent or names http). */
  readonly allowsHttp: boolean;
  /** Whether a stored access policy (`si`) defines the missing fields. */
  readonly byPolicy: boolean;
}

const parseTime = (text: string | null): number | null => {
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
  // A directory (`d`) of a hierarchical namespace is `unknown`: it can contain the blobs, as a container does.
  if (resource === 'c') return 'container';
  return resource === 'b' || resource === 'bs' || resource === 'bv' ? 'blob' : 'unknown';
}

/**
 * Parses a SAS; null if the text has no signature.
 * @param text with or without `?`, or a URL with the SAS as its query
 */
export function readSas(text: string): SasFacts | null {
  const fields = new URLSearchParams(text.slice(text.indexOf('?') + 1).trim());
  if (!fields.has('sig')) return null;
  return {
    permissions: fields.get('sp') ?? '',
    scope: scopeOf(fields),
    startsAt: parseTime(fields.get('st')),
    expiresAt: parseTime(fields.get('se')),
    allowsHttp: (fields.get('spr') ?? 'https,http').split(',').includes('http'),
    byPolicy: fields.has('si'),
  };
}
