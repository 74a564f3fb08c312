/** Faults that tests request. */

/** The services of faults and counters. */
export type Service = 'entra' | 'arm' | 'vault' | 'registry' | 'storage';

/** Applies to the next `times` matching requests. `POST {control.url}/clouds/SIDE/faults` adds one, `DELETE` removes all. */
export interface FaultRule {
  readonly service: Service;
  /** HTTP method. Absent: any. */
  readonly method?: string;
  /** Regular expression on path and query. Absent: any. */
  readonly path?: string;
  /** Regular expression on the client's User-Agent. Absent: any. Runs of pipelines are clients of storage too. */
  readonly agent?: string;
  /** Number of matching requests before the first fault. Absent: none. */
  readonly skip?: number;
  /** Probability with which a matching request gets the fault, 0 to 1, drawn from `seed`. Absent: 1. */
  readonly probability?: number;
  readonly seed?: number;
  /** Seconds during which it holds after it was added. Absent: without an end. */
  readonly forSeconds?: number;
  readonly times: number;
  readonly fault:
    | {
        readonly kind: 'answer';
        readonly status: number;
        readonly headers?: Readonly<Record<string, string>>;
        readonly body?: string;
      }
    /** The response is delayed. */
    | { readonly kind: 'delay'; readonly milliseconds: number }
    /** The connection is closed: before the response, or within a body. */
    | { readonly kind: 'cut'; readonly within?: BodyPlace }
    /** The connection stalls, and stays open: the request isn't read, or the response stops within its body. */
    | { readonly kind: 'stall'; readonly within: BodyPlace }
    /** The lowest bit of one byte of a body is flipped. Nothing else of the message changes. */
    | { readonly kind: 'flip'; readonly within: BodyPlace }
    /** The connection is reset, so the client notices it at once (RST). */
    | { readonly kind: 'reset' }
    /** The port is closed for this time, and all connections are reset. */
    | { readonly kind: 'refuse'; readonly milliseconds: number }
    | ({ readonly kind: 'alter' } & Alteration);
}

/** Changes of a request and its response. */
export interface Alteration {
  /** Headers that the service doesn't get, in lower case. */
  readonly dropOfRequest?: readonly string[];
  /** Number of times that the service gets the request. The last response counts. Absent: once. */
  readonly copies?: number;
  /** Delay of the response, after the request was executed. */
  readonly milliseconds?: number;
  /** Headers that the client doesn't get, in lower case. */
  readonly drop?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
  /** The response ends after this number of bytes, as if it were complete. */
  readonly truncate?: number;
  /** Replacements in the body of the response. */
  readonly replace?: { readonly from: string; readonly to: string };
}

/** A position in the body of a message. */
export interface BodyPlace {
  readonly body: 'request' | 'answer';
  /** Bytes of the body before it. A shorter body isn't changed. */
  readonly after: number;
}
