import { HttpAnswer } from '../http.ts';
import type { Exchange } from '../http.ts';
import type { Upload } from './blob-store.ts';
import { digestInvalid, refuse } from './refusal.ts';
import type { Content } from './store.ts';

/** An upload in progress, with its repository. */
export interface Session {
  readonly repository: string;
  readonly upload: Upload;
  busy: boolean;
}

/** The uploads in progress. */
export interface Sessions {
  readonly begin: (repository: string) => Session;
  /** Throws 404 BLOB_UPLOAD_UNKNOWN. */
  readonly find: (repository: string, id: string) => Session;
  /** Adds the content of the request. */
  readonly append: (exchange: Exchange, session: Session) => Promise<void>;
  /** Adds the content of the request, and stores all content as a blob of the repository. Throws 400 DIGEST_INVALID. */
  readonly finish: (exchange: Exchange, session: Session, digest: string) => Promise<void>;
  readonly cancel: (session: Session) => Promise<void>;
}

const uploadInvalid = (detail: string): HttpAnswer => refuse(400, 'BLOB_UPLOAD_INVALID', 'blob upload invalid', detail);

/** Opaque, and valid for one offset, so that a client must use the Location of the last response. */
const stateOf = ({ repository, upload }: Session): string =>
  Buffer.from(JSON.stringify({ Name: repository, UUID: upload.id, Offset: upload.size() })).toString('base64url');

/** Recorded: relative Location with `_nouploadcache` and `_state`. `Range: 0-0` also without content. */
export const progressHeaders = (session: Session): Record<string, string> => ({
  location: `/v2/${session.repository}/blobs/uploads/${session.upload.id}?_nouploadcache=false&_state=${stateOf(session)}`,
  range: `0-${Math.max(0, session.upload.size() - 1)}`,
  'docker-upload-uuid': session.upload.id,
});

/** A chunk that doesn't begin at the end of the last one gets 416 (OCI distribution 1.1, "Pushing a blob in chunks"). */
export function checkOffset({ request, url }: Exchange, session: Session): void {
  const [, start] = /^(?:bytes )?(\d+)-\d+/.exec(request.headers['content-range'] ?? '') ?? [];
  if (start !== undefined && Number(start) !== session.upload.size()) {
    throw new HttpAnswer(416, undefined, { ...progressHeaders(session), 'content-length': '0' });
  }
  if (session.busy) throw uploadInvalid('another request writes to this upload');
  if (url.searchParams.get('_state') !== stateOf(session)) throw uploadInvalid('_state is not that of the last answer');
}

async function append({ request }: Exchange, session: Session): Promise<void> {
  session.busy = true;
  try {
    await session.upload.append(request);
  } finally {
    session.busy = false;
  }
}

/** Uploads exist as long as the registry, also unfinished ones. */
export function createSessions(content: Content): Sessions {
  const sessions = new Map<string, Session>();
  return {
    begin: (repository) => {
      const session = { repository, upload: content.blobs.startUpload(), busy: false };
      sessions.set(session.upload.id, session);
      return session;
    },
    find: (repository, id) => {
      const session = sessions.get(id);
      if (session?.repository === repository) return session;
      throw refuse(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry', id);
    },
    append,
    finish: async (exchange, session, digest) => {
      await append(exchange, session);
      sessions.delete(session.upload.id);
      if (!(await session.upload.commit(digest))) throw digestInvalid(digest);
      content.ensure(session.repository).blobs.add(digest);
    },
    cancel: async ({ upload }) => {
      sessions.delete(upload.id);
      await upload.discard();
    },
  };
}
