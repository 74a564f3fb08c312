/** What documents tell of the far side, as planning asks of it. Pure. */
import type { Known, KnownFrom, KnownRepository } from '../plan/known.ts';
import { documentReference } from '../schemas.ts';

/** An artifact that a document says is at the far side. */
export interface Remembered {
  /** `repository:tag` or `repository@sha256:…` */
  readonly reference: string;
  readonly digest: string;
  readonly children: readonly string[];
}

const NOTHING: KnownRepository = { tags: new Map(), digests: new Set(), children: new Map() };

function repositoryOf(artifacts: readonly Remembered[]): KnownRepository {
  const tags = new Map<string, string>();
  for (const { reference, digest } of artifacts) {
    const parsed = documentReference(reference);
    if (parsed.kind === 'tag') tags.set(parsed.tag, digest);
  }
  return {
    tags,
    digests: new Set(artifacts.flatMap(({ digest, children }) => [digest, ...children])),
    children: new Map(artifacts.map(({ digest, children }) => [digest, children])),
  };
}

/** What these artifacts come to. */
export function remember(from: KnownFrom, artifacts: Iterable<Remembered>): Known {
  const byRepository = Map.groupBy(artifacts, ({ reference }) => documentReference(reference).repository);
  const repositories = new Map([...byRepository].map(([name, items]) => [name, repositoryOf(items)]));
  return {
    from,
    repositories: [...repositories.keys()],
    of: (repository) => Promise.resolve(repositories.get(repository) ?? NOTHING),
  };
}
