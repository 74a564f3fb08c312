/** All secrets that the action has sent to a cloud. No output of a client is allowed to contain them. */
import type { IncomingMessage } from 'node:http';

/** Collects secrets. */
export interface SecretsSeen {
  readonly note: (secret: string | null | undefined) => void;
  /** Records the credentials of a request: tokens, passwords and signatures, in headers and query. */
  readonly noteRequest: (request: IncomingMessage) => void;
  readonly all: () => readonly string[];
}

/** The transfer service and the tests are clients too, with secrets that the action never gets. */
const OURS = /^acr-transfer/;

/** A signature is a secret. The rest of a SAS isn't. */
const signatureIn = (url: string): string | null =>
  URL.parse(url, 'https://127.0.0.1')?.searchParams.get('sig') ?? null;

/** Starts without secrets. */
export function createSecretsSeen(): SecretsSeen {
  const seen = new Set<string>();
  const note: SecretsSeen['note'] = (secret) => {
    if (secret) seen.add(secret);
  };
  return {
    note,
    noteRequest: ({ headers, url = '' }) => {
      if (!OURS.test(headers['user-agent'] ?? '')) return;
      for (const value of [headers.authorization, headers['x-ms-copy-source-authorization']].flat()) {
        note(/^(?:Bearer|Basic) (.+)$/i.exec(value ?? '')?.[1]);
      }
      note(signatureIn(url));
      note(signatureIn([headers['x-ms-copy-source'] ?? ''].flat().join('')));
    },
    all: () => [...seen],
  };
}
