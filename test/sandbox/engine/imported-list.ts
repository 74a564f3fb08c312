import type { ListForm } from '../list-forms.ts';
import type { Arrival, Arrivals } from './arrival.ts';
import { linksOf } from './manifest.ts';
import type { EngineParts } from './parts.ts';

type Manifests = Arrivals['manifests'];

/** Digests below a manifest: of the manifests of an index, and of configs and layers. */
interface Below {
  readonly children: readonly string[];
  readonly blobs: readonly string[];
}

function below(manifests: Manifests, digest: string): Below {
  const manifest = manifests.get(digest);
  if (manifest === undefined) return { children: [], blobs: [] };
  const links = linksOf(manifest.bytes);
  const nested = links.manifests.map((child) => below(manifests, child.digest));
  return {
    children: [...links.manifests.map((child) => child.digest), ...nested.flatMap(({ children }) => children)],
    blobs: [...links.blobs.map((blob) => blob.digest), ...nested.flatMap(({ blobs }) => blobs)],
  };
}

function entriesOf(
  { text, repository, tag, root: { digest } }: Arrival,
  form: ListForm,
  loginServer: string,
  manifests: Manifests,
): readonly string[] {
  const byDigest = `${repository}@${digest}`;
  const { children, blobs } = below(manifests, digest);
  switch (form) {
    case 'references':
      return [text];
    case 'without-latest':
      return [tag === 'latest' ? repository : text];
    case 'digests':
      return [byDigest];
    case 'tags-and-digests':
      return [tag === undefined ? byDigest : `${text}@${digest}`];
    case 'bare-digests':
      return [digest];
    case 'references-and-children':
      return [text, ...children.map((child) => `${repository}@${child}`)];
    case 'everything':
      return [digest, ...children, ...blobs].map((each) => `${repository}@${each}`);
    case 'login-server':
      return [`${loginServer}/${text}`];
    case 'login-server-digests':
      return [`${loginServer}/${byDigest}`];
    case 'absent':
    case 'null':
    case 'empty':
      return [];
  }
}

/**
 * The list of imported artifacts in the response. Everything about it is assumed, because no response of the service is known.
 * See LIST_FORMS.
 * @param imported the imported artifacts of those that arrived
 * @returns undefined if the response has no such member
 */
export function listImported(
  { listForm, alsoListed, loginServer }: EngineParts,
  { artifacts, manifests }: Arrivals,
  imported: readonly string[],
): readonly string[] | null | undefined {
  const form = listForm();
  if (form === 'absent') return undefined;
  if (form === 'null') return null;
  if (form === 'empty') return [];
  const entries = artifacts
    .filter(({ text }) => imported.includes(text))
    .flatMap((arrival) => entriesOf(arrival, form, loginServer, manifests));
  return [...entries, ...alsoListed()];
}
