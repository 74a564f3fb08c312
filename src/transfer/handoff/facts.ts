/** How a transfer blob was handed off. */
export interface HandoffFacts {
  /** `server`: the target storage fetched it by itself; `stream`: it passed through the runner. */
  readonly method: 'server' | 'stream';
  /** Bytes that moved. */
  readonly bytes: number;
  /** Bytes that an earlier attempt had brought. */
  readonly reused: number;
  readonly seconds: number;
}
