/** Faults, as they are asked for. */

/** The services that faults and counters tell apart. */
export type Service = 'entra' | 'arm' | 'vault' | 'registry' | 'storage';

/** Done to the next `times` requests that match: `POST {control.url}/clouds/SIDE/faults` adds, `DELETE` removes all. */
export interface FaultRule {
  readonly service: Service;
  /** HTTP method; any when absent. */
  readonly method?: string;
  /** Regular expression on path and query; any when absent. */
  readonly path?: string;
  /** Regular expression on the client's User-Agent; any when absent. Runs of pipelines are clients of storage too. */
  readonly agent?: string;
  /** So many matching requests pass first; none when absent. */
  readonly skip?: number;
  /** Matching requests are hit with this probability, 0 to 1, drawn from `seed`; always when absent. */
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
    /** The answer comes later. */
    | { readonly kind: 'delay'; readonly milliseconds: number }
    /** The connection is cut: before any answer, or within a body. */
    | { readonly kind: 'cut'; readonly within?: BodyPlace }
    /** Bytes stop coming, and the connection stays open: nothing is read of the request, or the answer stops within its body. */
    | { readonly kind: 'stall'; readonly within: BodyPlace }
    /** The lowest bit of one byte of a body is turned over; nothing else of the message changes. */
    | { readonly kind: 'flip'; readonly within: BodyPlace }
    /** The connection is reset, so the client notices it at once (RST). */
    | { readonly kind: 'reset' }
    /** The port is closed for this time, and all connections are reset. */
    | { readonly kind: 'refuse'; readonly milliseconds: number }
    | ({ readonly kind: 'alter' } & Alteration);
}

/** What is changed of a request and its answer on their way. */
export interface Alteration {
  /** Headers, in small letters, that the service does not get. */
  readonly dropOfRequest?: readonly string[];
  /** How often the service gets the request; the last answer counts. Once when absent. */
  readonly copies?: number;
  /** Delay of the response, after the request was executed. */
  readonly milliseconds?: number;
  /** Headers, in small letters, that the client does not get. */
  readonly drop?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
  /** The answer ends after so many bytes, as if that were all. */
  readonly truncate?: number;
  /** Replaced in the body of the answer, wherever it stands. */
  readonly replace?: { readonly from: string; readonly to: string };
}

/** A place in a message's body. */
export interface BodyPlace {
  readonly body: 'request' | 'answer';
  /** Bytes of the body that come before it. A body that is not so long is left as it is. */
  readonly after: number;
}
