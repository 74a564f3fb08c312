/** What documents tell of the far side, as planning asks of it. Pure. */
import type { Known, KnownFrom, KnownRepository, Remembered } from '../plan/known.ts';
import { documentReference } from '../schemas.ts';

const NOTHING: KnownRepository = { tags: new Map(), digests: new Set() };

function repositoryOf(artifacts: readonly Remembered[]): KnownRepository {
  const tags = new Map<string, string>();
  for (const { reference, digest } of artifacts) {
    const parsed = documentReference(reference);
    if (parsed.kind === 'tag') tags.set(parsed.tag, digest);
  }
  return {
    tags,
    digests: new Set(artifacts.flatMap(({ digest, children }) => [digest, ...children])),
  };
}

/** What these artifacts come to. */
export function remember(from: KnownFrom, artifacts: readonly Remembered[]): Known {
  const byRepository = Map.groupBy(artifacts, ({ reference }) => documentReference(reference).repository);
  const repositories = new Map([...byRepository].map(([name, items]) => [name, repositoryOf(items)]));
  return {
    from,
    repositories: [...repositories.keys()],
    remembered: artifacts,
    of: (repository) => Promise.resolve(repositories.get(repository) ?? NOTHING),
  };
}
